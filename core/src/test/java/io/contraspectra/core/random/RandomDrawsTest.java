package io.contraspectra.core.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomDrawsTest {

  @Test
  void gaussianNumbersHaveMeanZeroAndVarianceOne() {
    double[] numbers = RandomDraws.gaussian(RandomStreams.of(3).named("gaussian"), 200_000);
    assertEquals(0, Arrays.stream(numbers).average().orElseThrow(), 0.01);
    assertEquals(1, Arrays.stream(numbers).map(x -> x * x).average().orElseThrow(), 0.02);
  }

  @Test
  void unitVectorsHaveNormOneAndNoPreferredDirection() {
    var stream = RandomStreams.of(3).named("sphere");
    var mean = new double[3];
    for (int i = 0; i < 30_000; i++) {
      double[] u = RandomDraws.unitVector(stream, 3);
      assertEquals(1, u[0] * u[0] + u[1] * u[1] + u[2] * u[2], 1e-14);
      for (int j = 0; j < 3; j++) {
        mean[j] += u[j] / 30_000;
      }
    }
    assertArrayEquals(new double[3], mean, 0.02);
    assertThrows(InvalidArgument.class, () -> RandomDraws.unitVector(stream, 0));
  }

  @Test
  void distinctIndicesAreDistinctAndEquallyLikely() {
    var stream = RandomStreams.of(3).named("distinct");
    var counts = new int[5];
    for (int i = 0; i < 20_000; i++) {
      int[] drawn = RandomDraws.distinct(stream, 3, 5);
      assertEquals(3, IntStream.of(drawn).distinct().count());
      counts[drawn[2]]++;
    }
    for (int count : counts) {
      assertEquals(4000, count, 250);
    }
    assertArrayEquals(new int[] {0, 1, 2, 3}, IntStream.of(RandomDraws.distinct(stream, 4, 4)).sorted().toArray());
    assertThrows(InvalidArgument.class, () -> RandomDraws.distinct(stream, 6, 5));
  }
}
