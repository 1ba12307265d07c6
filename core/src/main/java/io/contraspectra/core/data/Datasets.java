package io.contraspectra.core.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The data sets that come with the library; sources and licences stand in the README beside them. */
public final class Datasets {

  private Datasets() {}

  /** 1797 handwritten digits, 8 x 8 pixels from 0 to 16, classes 0 to 9 (Alpaydin and Kaynak; scikit-learn's order). */
  public static LabelledData digits() {
    return bundled("digits");
  }

  /** 178 wines, 13 measurements, 3 cultivars (Aeberhard and Forina; scikit-learn's order). */
  public static LabelledData wine() {
    return bundled("wine");
  }

  private static LabelledData bundled(String name) {
    try (InputStream in = Objects.requireNonNull(Datasets.class.getResourceAsStream(name + ".csv.gz"), name)) {
      return CsvFile.read(name, new GZIPInputStream(in));
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled data set " + name + " cannot be read", e);
    }
  }
}
