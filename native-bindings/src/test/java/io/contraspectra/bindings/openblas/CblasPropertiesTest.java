package io.contraspectra.bindings.openblas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Products agree with the sums that define them, whatever the shape, stride, offset, transposition or precision. */
class CblasPropertiesTest {
  private static final int MAX = 20;

  @Property(tries = 300)
  void gemmIsTheSum(
      @ForAll @IntRange(max = MAX) int m, @ForAll @IntRange(max = MAX) int n, @ForAll @IntRange(max = MAX) int k,
      @ForAll Transpose transA, @ForAll Transpose transB, @ForAll @IntRange(max = 5) int padding,
      @ForAll @IntRange(max = 3) int offset, @ForAll boolean single, @ForAll boolean accumulate, @ForAll long seed) {
    var random = new SplittableRandom(seed);
    try (var arena = Arena.ofConfined()) {
      var a = stored(transA, m, k, padding, offset, single, random, arena);
      var b = stored(transB, k, n, padding, offset, single, random, arena);
      var c = Dense.random(random, arena, m, n, padding, offset, single);
      double beta = accumulate ? 2 : 0;
      var expected = c.toArray();
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0;
          for (int l = 0; l < k; l++) {
            sum += a.get(transA, i, l) * b.get(transB, l, j);
          }
          expected[i][j] = 3 * sum + beta * expected[i][j];
        }
      }
      if (!accumulate && m > 0 && n > 0) {
        c.set(0, 0, Double.NaN); // beta = 0 must not read it
      }
      if (single) {
        Cblas.sgemm(transA, transB, m, n, k, 3, a.memory(), a.ld(), b.memory(), b.ld(),
            (float) beta, c.memory(), c.ld());
      } else {
        Cblas.dgemm(transA, transB, m, n, k, 3, a.memory(), a.ld(), b.memory(), b.ld(), beta, c.memory(), c.ld());
      }
      assertArrayEquals(expected, c.toArray());
      assertTrue(c.isPaddingIntact());
    }
  }

  @Property(tries = 300)
  void syrkIsOneTriangleOfTheSum(
      @ForAll @IntRange(max = MAX) int n, @ForAll @IntRange(max = MAX) int k,
      @ForAll Triangle triangle, @ForAll Transpose trans, @ForAll @IntRange(max = 5) int padding,
      @ForAll @IntRange(max = 3) int offset, @ForAll boolean single, @ForAll long seed) {
    var random = new SplittableRandom(seed);
    try (var arena = Arena.ofConfined()) {
      var a = stored(trans, n, k, padding, offset, single, random, arena);
      var c = Dense.random(random, arena, n, n, padding, offset, single);
      var expected = c.toArray();
      for (int i = 0; i < n; i++) {
        for (int j = triangle == Triangle.UPPER ? i : 0; j < (triangle == Triangle.UPPER ? n : i + 1); j++) {
          double sum = 0;
          for (int l = 0; l < k; l++) {
            sum += a.get(trans, i, l) * a.get(trans, j, l);
          }
          expected[i][j] = 3 * sum - 2 * expected[i][j];
        }
      }
      if (single) {
        Cblas.ssyrk(triangle, trans, n, k, 3, a.memory(), a.ld(), -2, c.memory(), c.ld());
      } else {
        Cblas.dsyrk(triangle, trans, n, k, 3, a.memory(), a.ld(), -2, c.memory(), c.ld());
      }
      assertArrayEquals(expected, c.toArray());
      assertTrue(c.isPaddingIntact());
    }
  }

  private static Dense stored(
      Transpose trans, int rows, int columns, int padding, int offset, boolean single,
      RandomGenerator random, Arena arena) {
    return trans == Transpose.NO_TRANSPOSE
        ? Dense.random(random, arena, rows, columns, padding, offset, single)
        : Dense.random(random, arena, columns, rows, padding, offset, single);
  }
}
