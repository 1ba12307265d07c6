package io.contraspectra.core.evaluate;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import java.util.Arrays;

/** How representations lie on the unit sphere, rows being samples. Thread-safe. */
public final class UnitSphere {

  private static final long BLOCK = 256;

  private UnitSphere() {}

  /**
   * {@code mean_n ‖f(x_n) − f(x⁺_n)‖²} on unit rows (Wang and Isola 2020); from 0 to 4. A row of zeros stays zero.
   *
   * @param f N x K
   * @param positives N x K
   */
  public static double alignment(Backend backend, Matrix f, Matrix positives) {
    if (f.rows() != positives.rows() || f.cols() != positives.cols() || f.rows() < 1) {
      throw new ShapeMismatch("alignment: " + f.describe("F") + " and " + positives.describe("P")
          + " must have one shape, with a row at least");
    }
    try (Matrix a = units(backend, f); Matrix b = units(backend, positives)) {
      double distance = backend.distance(a, b);
      return distance * distance / f.rows();
    }
  }

  /**
   * {@code log mean_(i≠j) exp(−2 ‖f_i − f_j‖²)} on unit rows (Wang and Isola 2020); 0 where all coincide.
   *
   * @param f N x K with at least two rows
   */
  public static double uniformity(Backend backend, Matrix f) {
    long n = f.rows();
    if (n < 2) {
      throw new InvalidArgument("uniformity: " + f.describe("F") + " must have at least two rows");
    }
    try (Matrix units = units(backend, f)) {
      var sums = new double[Math.toIntExact(Math.ceilDiv(n, BLOCK))];
      backend.tiles(sums.length, Workspace.bytes(f.dtype(), BLOCK, n), (tile, workspace) -> {
        long from = tile * BLOCK;
        long count = Math.min(BLOCK, n - from);
        // Of a symmetric matrix the rows of the block from its diagonal on.
        Matrix exponents = workspace.matrix(f.dtype(), count, n - from);
        backend.gemm(NO, YES, 4, units.rowRange(from, count), units.rowRange(from, n - from), 0, exponents);
        backend.shift(-4, exponents);
        backend.map(UnaryFunction.EXP, exponents, exponents);
        Matrix square = exponents.block(0, 0, count, count);
        double diagonal = 0;
        for (double value : diagonal(square)) {
          diagonal += value;
        }
        sums[(int) tile] = 2 * backend.sum(exponents) - backend.sum(square) - diagonal;
      });
      return Math.log(Arrays.stream(sums).sum() / ((double) n * (n - 1)));
    }
  }

  private static double[] diagonal(Matrix square) {
    double[] all = square.toArray();
    int n = (int) square.rows();
    var diagonal = new double[n];
    for (int i = 0; i < n; i++) {
      diagonal[i] = all[i * n + i];
    }
    return diagonal;
  }

  private static Matrix units(Backend backend, Matrix f) {
    backend.requireFinite("representation", f);
    Matrix units = backend.zeros(f.dtype(), f.rows(), f.cols());
    try (Matrix column = backend.zeros(f.dtype(), f.rows(), 1)) {
      backend.rowDots(f, f, column);
      backend.map(UnaryFunction.INVERSE_NORM, column, column);
      backend.multiplyColumn(column, f, units);
      return units;
    } catch (RuntimeException | Error e) {
      units.close();
      throw e;
    }
  }
}
