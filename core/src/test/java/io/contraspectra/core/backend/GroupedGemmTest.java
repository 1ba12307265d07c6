package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Random;

/** {@link Backend#groupedGemm} on operands with rows that are zero in the same columns. */
class GroupedGemmTest {

  private final Random random = new Random(1);

  /** Sizes that fill register tiles, strips and chunks of columns, and some that do not. */
  @EveryBackend
  void halfOfTheColumns(Backend backend, DType dtype) {
    for (int repeat : new int[] {1, 3, 4, 7, 10}) {
      requireAgreement(backend, dtype, new Sizes(5, 70, 300, repeat), 0.5);
    }
    requireAgreement(backend, dtype, new Sizes(3, 1100, 20, 6), 0.5);
    requireAgreement(backend, dtype, new Sizes(40, 17, 600, 10), 0.3);
  }

  @EveryBackend
  void noneAndAllOfTheColumns(Backend backend, DType dtype) {
    requireAgreement(backend, dtype, new Sizes(6, 40, 130, 5), 1);
    requireAgreement(backend, dtype, new Sizes(6, 40, 130, 5), 0);
  }

  private void requireAgreement(Backend backend, DType dtype, Sizes sizes, double density) {
    for (Transpose tb : Transpose.values()) {
      double[] a = grouped(sizes, density);
      double[] b = random.doubles((long) sizes.k() * sizes.n()).map(x -> x - 0.5).toArray();
      double[] c = random.doubles((long) sizes.m() * sizes.repeat() * sizes.n()).toArray();
      try (Backend reference = new Backend(new ReferenceEngine());
          Matrix expected = result(reference, dtype, sizes, tb, a, b, c);
          Matrix actual = result(backend, dtype, sizes, tb, a, b, c);
          Matrix there = reference.zeros(dtype, expected.rows(), expected.cols())) {
        there.copyFrom(actual.toArray());
        double error = reference.distance(expected, there) / reference.norm(expected);
        assertTrue(error <= Accuracy.PRODUCT.tolerance(dtype, sizes), sizes + " " + tb + ": " + error);
      }
    }
  }

  private double[] grouped(Sizes sizes, double density) {
    var a = new double[sizes.m() * sizes.repeat() * sizes.k()];
    for (int group = 0; group < sizes.m(); group++) {
      for (int unit = 0; unit < sizes.k(); unit++) {
        if (random.nextDouble() < density) {
          for (int row = group * sizes.repeat(); row < (group + 1) * sizes.repeat(); row++) {
            a[row * sizes.k() + unit] = random.nextGaussian();
          }
        }
      }
    }
    return a;
  }

  private static Matrix result(
      Backend backend, DType dtype, Sizes sizes, Transpose tb, double[] a, double[] b, double[] c) {
    long rows = (long) sizes.m() * sizes.repeat();
    boolean transposed = tb == Transpose.YES;
    Matrix sum = matrix(backend, dtype, rows, sizes.n(), c);
    try (Matrix left = matrix(backend, dtype, rows, sizes.k(), a);
        Matrix right = matrix(
            backend, dtype, transposed ? sizes.n() : sizes.k(), transposed ? sizes.k() : sizes.n(), b)) {
      backend.groupedGemm(sizes.repeat(), tb, 1.5, left, right, -0.5, sum);
    }
    return sum;
  }

  private static Matrix matrix(Backend backend, DType dtype, long rows, long cols, double[] values) {
    Matrix matrix = backend.zeros(dtype, rows, cols);
    matrix.copyFrom(values);
    return matrix;
  }
}
