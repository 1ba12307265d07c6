package io.contraspectra.core.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.HostMemory;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What register tiles are told of slopes, against the same said element by element, at whole vectors and beside them. */
class StripsTest {

  private static final int AT = 3;
  private static final int[] SIZES = {0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100};

  private final Random random = new Random(1);

  @ParameterizedTest
  @EnumSource(DType.class)
  void placesOfNonZeros(DType dtype) {
    for (int n : SIZES) {
      for (double density : new double[] {0, 0.1, 0.5, 1}) {
        double[] x = random.doubles(n).map(u -> u < density ? u - density / 2 : 0).toArray();
        int[] expected = IntStream.range(0, n).filter(i -> x[i] != 0).toArray();
        var places = new int[n];
        int count = loaded(dtype, x).nonZeros(AT, n, places);
        assertArrayEquals(expected, Arrays.copyOf(places, count));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void notANumberIsNotZero(DType dtype) {
    double[] x = {0, Double.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -0.0, Double.POSITIVE_INFINITY, 0};
    var places = new int[x.length];
    assertEquals(2, loaded(dtype, x).nonZeros(AT, x.length, places));
    assertArrayEquals(new int[] {1, 17}, Arrays.copyOf(places, 2));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void bits(DType dtype) {
    for (int n : SIZES) {
      double[] x = random.ints(n, 0, 3).mapToDouble(i -> i == 2 ? -0.0 : i).toArray();
      assertTrue(loaded(dtype, x).areBits(AT, n));
      for (double other : new double[] {-1, 2, 0.5, Math.nextUp(1f), Float.MIN_VALUE, Double.NaN,
          Double.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MIN_VALUE}) {
        for (int i = 0; i < n; i++) {
          double bit = x[i];
          x[i] = other;
          assertFalse(loaded(dtype, x).areBits(AT, n), () -> other + " is no bit");
          x[i] = bit;
        }
      }
    }
  }

  private static Strips loaded(DType dtype, double[] x) {
    assumeTrue(KernelSet.VECTOR.strips(dtype).isPresent(), "this machine has no vectors of 512 bits");
    Strips strips = KernelSet.VECTOR.strips(dtype).get();
    strips.reserve(AT + x.length, 0, 0);
    long bytes = Math.max(1, Matrix.bytes(dtype, 1, x.length));
    try (Matrix matrix = Matrix.owning(HostMemory.allocate(bytes), dtype, 1, x.length)) {
      matrix.copyFrom(x);
      HostMatrix from = HostMatrix.of(matrix);
      strips.load(from.segment(), from.at(0, 0), AT, x.length);
    }
    return strips;
  }
}
