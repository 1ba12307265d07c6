package io.contraspectra.core.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shifted exponentials of a softmax, against {@code Math.exp}, over all sizes of floats. */
class ExponentialsTest {

  private static final int RUN = 1003;
  private static final int STEP = 257;
  private static final double MOST_ULPS = 2;

  @ParameterizedTest
  @EnumSource
  void singlePrecisionIsWithinTwoUlps(KernelSet set) {
    requireUlps(set, 0f, 89f);
    requireUlps(set, -0f, -105f);
  }

  // The bits of floats of one sign are in the order of their sizes.
  private static void requireUlps(KernelSet set, float from, float to) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocate((long) RUN * Float.BYTES);
      int bits = Float.floatToRawIntBits(from);
      int last = Float.floatToRawIntBits(to);
      while (bits < last) {
        var points = new float[RUN];
        for (int i = 0; i < RUN; i++) {
          points[i] = Float.intBitsToFloat(bits);
          Elements.SINGLE.set(x, (long) i * Float.BYTES, points[i]);
          bits += STEP;
        }
        double sum = set.of(DType.F32).exponentials(0, x, 0, RUN);
        double expectedSum = 0;
        for (int i = 0; i < RUN; i++) {
          double expected = Math.exp(points[i]);
          double error = Math.abs(Elements.SINGLE.get(x, (long) i * Float.BYTES) - expected);
          expectedSum += expected;
          boolean infinite = (float) expected == Float.POSITIVE_INFINITY;
          assertTrue(infinite || error <= MOST_ULPS * Math.ulp((float) expected),
              "exp(" + points[i] + "): " + Elements.SINGLE.get(x, (long) i * Float.BYTES) + ", not " + expected);
        }
        assertTrue(expectedSum > Float.MAX_VALUE
                || Math.abs(sum - expectedSum) <= 2e-7 * expectedSum + RUN * Float.MIN_VALUE,
            "sum from " + points[0] + " on: " + sum + ", not " + expectedSum);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void valuesOutsideTheRangeAndTheirPlaces(KernelSet set) {
    double[] points = {Double.NEGATIVE_INFINITY, -1e30, -105, 3, 3 + 1, 1e30, Double.POSITIVE_INFINITY, Double.NaN};
    double inf = Double.POSITIVE_INFINITY;
    double[] expected = {0, 0, 0, 1, (float) Math.E, inf, inf, Double.NaN};
    for (DType dtype : DType.values()) {
      Elements elements = Elements.of(dtype);
      for (int n = 1; n < 70; n++) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment x = arena.allocate((long) n * elements.bytes());
          for (int i = 0; i < n; i++) {
            elements.set(x, (long) i * elements.bytes(), points[i % points.length]);
          }
          set.of(dtype).exponentials(3, x, 0, n);
          for (int i = 0; i < n; i++) {
            assertEquals(expected[i % points.length], (float) elements.get(x, (long) i * elements.bytes()), 2.4e-7,
                dtype + ", element " + i + " of " + n);
          }
        }
      }
    }
  }
}
