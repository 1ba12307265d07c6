package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.stream.IntStream;

/**
 * Bases in which a positive semi-definite B is the identity: rows t of T with {@code T B Tᵀ = I}, spanning the range of
 * B. By Cholesky where B is well conditioned, else by its range.
 */
final class Whitening {

  /** Singular values of data below this fraction of the largest count as zero (spectral.md 5). */
  static final double RANGE = 1e-10;

  /** From this condition of B on its small eigenvalues have lost too many digits, singular values of data have not. */
  static final double WELL_CONDITIONED = 1e-6;

  private Whitening() {}

  /** {@code L⁻¹} of {@code B = L Lᵀ}, d x d; B is not changed. To be closed by the caller. */
  static Matrix byCholesky(Backend backend, Matrix b) {
    Matrix t = backend.zeros(DType.F64, b.rows(), b.rows());
    try (Matrix l = backend.copyOf(b, DType.F64)) {
      backend.cholesky(l);
      backend.shiftDiagonal(1, t);
      backend.solveTriangular(Side.LEFT, Triangle.LOWER, Transpose.NO, 1, l, t);
      return t;
    } catch (RuntimeException | Error e) {
      t.close();
      throw e;
    }
  }

  /**
   * Vectors divided by the roots of their eigenvalues.
   *
   * @param vectors orthonormal rows
   * @param roots of the eigenvalues of B, or singular values of the data; those at most {@code least} are left out
   * @return r x d, to be closed by the caller
   */
  static Matrix byRange(Backend backend, Matrix vectors, double[] roots, double least) {
    int[] kept = IntStream.range(0, roots.length).filter(i -> roots[i] > least).toArray();
    Matrix t = backend.zeros(DType.F64, kept.length, vectors.cols());
    for (int i = 0; i < kept.length; i++) {
      backend.add(1 / roots[kept[i]], vectors.rowRange(kept[i], 1), 0, t.rowRange(i, 1));
    }
    return t;
  }

  /** Ratio of the smallest to the largest of ascending eigenvalues. */
  static double condition(double[] ascending) {
    return ascending.length == 0 ? 0 : ascending[0] / ascending[ascending.length - 1];
  }
}
