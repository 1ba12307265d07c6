package io.contraspectra.core.backend.cpu;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products by register tiles, at every kind of edge, against sums of products in double precision. */
class DenseProductTest {

  private static final int[][] SIZES = {
      {6, 1, 1}, {7, 5, 3}, {13, 64, 64}, {48, 65, 257}, {50, 127, 48}, {514, 49, 300}, {64, 200, 1030}};

  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  @ParameterizedTest
  @EnumSource
  void agreesWithSums(DType dtype) {
    Optional<DenseTiles> tiles = KernelSet.best().denseTiles(dtype);
    assumeTrue(tiles.isPresent(), "needs vectors of 512 bits");
    try (Backend backend = Backends.cpu()) {
      for (int[] size : SIZES) {
        for (Transpose tb : Transpose.values()) {
          check(backend, tiles.get(), dtype, tb, size, 0);
          check(backend, tiles.get(), dtype, tb, size, -0.75);
        }
      }
    }
  }

  private void check(Backend backend, DenseTiles tiles, DType dtype, Transpose tb, int[] size, double beta) {
    int m = size[0];
    int n = size[1];
    int k = size[2];
    // Views with gaps between rows and an odd start; what lies around C must stay.
    try (Matrix a = gaussian(backend, dtype, m, k);
        Matrix b = gaussian(backend, dtype, tb == NO ? k : n, tb == NO ? n : k);
        Matrix c = gaussian(backend, dtype, m, n)) {
      double[] before = c.toArray();
      Matrix inside = inside(c);
      double[] old = inside.toArray();
      if (beta == 0) {
        old = new double[m * n];
        backend.fill(Double.NaN, inside);
      }
      new DenseProduct(tiles, tb).into(1.25, inside(a), inside(b), beta, inside);
      double[] x = inside(a).toArray();
      double[] y = inside(b).toArray();
      double[] actual = inside.toArray();
      double unit = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0;
          double size1 = 0;
          for (int l = 0; l < k; l++) {
            double term = x[i * k + l] * y[tb == NO ? l * n + j : j * k + l];
            sum += term;
            size1 += Math.abs(term);
          }
          double expected = 1.25 * sum + beta * old[i * n + j];
          assertEquals(expected, actual[i * n + j], (k + 4) * unit * (size1 + Math.abs(old[i * n + j])),
              () -> dtype + " " + tb + " " + m + "x" + n + "x" + k);
        }
      }
      backend.fill(0, inside);
      double[] after = c.toArray();
      c.copyFrom(before);
      backend.fill(0, inside);
      assertArrayEquals(c.toArray(), after, "what surrounds C");
    }
  }

  @Test
  void smallAndUnfitProductsAreLeftToBlas() {
    assertTrue(DenseProduct.pays(NO, NO, 1000, 1000, 1000));
    assertFalse(DenseProduct.pays(NO, NO, 5, 100_000, 1000), "fewer rows than a register tile");
    assertFalse(DenseProduct.pays(NO, YES, 200, 1000, 1000), "columns to transpose for few rows");
    assertFalse(DenseProduct.pays(YES, NO, 1000, 1000, 1000), "rows that do not lie in memory one unit after another");
    assertFalse(DenseProduct.pays(NO, NO, 1000, 10, 100), "not worth compiling");
  }

  private Matrix gaussian(Backend backend, DType dtype, int rows, int cols) {
    Matrix matrix = backend.zeros(dtype, rows + 2, cols + 3);
    matrix.copyFrom(random.doubles(matrix.size()).map(_ -> (float) random.nextGaussian()).toArray());
    return matrix;
  }

  private static Matrix inside(Matrix matrix) {
    return matrix.block(1, 1, matrix.rows() - 2, matrix.cols() - 3);
  }
}
