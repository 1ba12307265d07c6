package io.contraspectra.core.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotPositiveDefinite;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import java.util.Arrays;

/**
 * Symmetric generalised eigenproblems {@code A w = lambda B w}. In double precision.
 */
public final class GeneralizedEigenproblem {

  private GeneralizedEigenproblem() {}

  /**
   * All pairs, by Cholesky's factor of B (LAPACK's dsygv): fast, accurate while B is well conditioned.
   *
   * @param a n x n, symmetric
   * @param b n x n, symmetric positive definite
   * @return pairs, largest value first; the rows w of {@code vectors} have {@code wᵀBw = 1}. To be closed by the caller
   * @throws NotPositiveDefinite if B is not positive definite; then {@link #byRange}
   */
  public static EigenPairs byCholesky(Backend backend, Matrix a, Matrix b) {
    requireShapes(a, b);
    try (Matrix t = Whitening.byCholesky(backend, b)) {
      return inside(backend, a, t);
    }
  }

  /**
   * The pairs in the range of B: directions that B maps to (nearly) nothing are left out, and r pairs are returned.
   *
   * @param a n x n, symmetric
   * @param b n x n, symmetric positive semi-definite
   * @param tolerance eigenvalues of B up to this fraction of its largest count as zero, e.g. 1e-10
   * @return r pairs, largest value first; the rows w of {@code vectors} have {@code wᵀBw = 1}. To be closed by the caller
   */
  public static EigenPairs byRange(Backend backend, Matrix a, Matrix b, double tolerance) {
    requireShapes(a, b);
    try (EigenPairs metric = Eigensolver.full(backend, b)) {
      double[] roots = Arrays.stream(metric.values().toArray()).map(v -> Math.sqrt(Math.max(v, 0))).toArray();
      double least = roots.length == 0 ? 0 : Math.sqrt(tolerance) * roots[0];
      try (Matrix t = Whitening.byRange(backend, metric.vectors(), roots, least)) {
        return inside(backend, a, t);
      }
    }
  }

  private static EigenPairs inside(Backend backend, Matrix a, Matrix t) {
    try (Matrix half = backend.zeros(DType.F64, t.rows(), a.cols());
        Matrix inside = backend.zeros(DType.F64, t.rows(), t.rows())) {
      backend.gemm(NO, NO, 1, t, a, 0, half);
      backend.gemm(NO, YES, 1, half, t, 0, inside);
      EigenPairs pairs = Eigensolver.full(backend, inside);
      try (Matrix coordinates = pairs.vectors()) {
        Matrix vectors = backend.zeros(DType.F64, t.rows(), t.cols());
        backend.gemm(NO, NO, 1, coordinates, t, 0, vectors);
        return new EigenPairs(pairs.values(), vectors, pairs.residuals());
      }
    }
  }

  private static void requireShapes(Matrix a, Matrix b) {
    if (a.rows() != a.cols() || b.rows() != b.cols() || a.rows() != b.rows()) {
      throw new InvalidArgument("generalised eigenproblem: " + a.describe("A") + " and " + b.describe("B")
          + " must be square and of one size");
    }
  }
}
