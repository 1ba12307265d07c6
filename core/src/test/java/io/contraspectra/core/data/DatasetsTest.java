package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Counts and sums as scikit-learn's copies have them. */
class DatasetsTest {

  @Test
  void digitsAreWhole() {
    LabelledData digits = Datasets.digits();
    assertEquals("digits: 1797 samples of 64 features, labelled", digits.toString());
    assertEquals(561_718, Arrays.stream(digits.features()).sum());
    assertEquals(8_070, Arrays.stream(digits.requireLabels()).sum());
  }

  @Test
  void winesAreWhole() {
    LabelledData wine = Datasets.wine();
    assertEquals("wine: 178 samples of 13 features, labelled", wine.toString());
    assertEquals(159_975.295_999, Arrays.stream(wine.features()).sum(), 1e-6);
    assertEquals(167, Arrays.stream(wine.requireLabels()).sum());
  }
}
