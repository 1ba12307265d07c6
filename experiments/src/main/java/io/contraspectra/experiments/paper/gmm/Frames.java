package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;

/** Small linear algebra on directions, which stand in columns. */
final class Frames {

  /** Directions of less than this part of the largest are no part of a map (gmm.md 8.6). */
  private static final double RANK = 1e-3;

  private Frames() {}

  /** Aᵀ, to be closed by the caller. */
  static Matrix transposed(Backend backend, Matrix a) {
    Matrix transposed = backend.zeros(DType.F64, a.cols(), a.rows());
    backend.transpose(a, transposed);
    return transposed;
  }

  /** {@code op(A) op(B)}, to be closed by the caller. */
  static Matrix product(Backend backend, Transpose ta, Transpose tb, Matrix a, Matrix b) {
    Matrix c = backend.zeros(DType.F64, ta == Transpose.NO ? a.rows() : a.cols(),
        tb == Transpose.NO ? b.cols() : b.rows());
    backend.gemm(ta, tb, 1, a, b, 0, c);
    return c;
  }

  /** The largest sine of a principal angle between the spans of the columns. */
  static double sine(Backend backend, Matrix a, Matrix b) {
    return Subspaces.compare(backend, a, b).spectral();
  }

  /** The same in the metric {@code S = LLᵀ}, that is between the spans of {@code LᵀA} and {@code LᵀB}. */
  static double sine(Backend backend, Matrix a, Matrix b, Matrix root) {
    try (Matrix first = product(backend, Transpose.YES, Transpose.NO, root, a);
        Matrix second = product(backend, Transpose.YES, Transpose.NO, root, b)) {
      return sine(backend, first, second);
    }
  }

  /** The lower Cholesky factor L of {@code S = LLᵀ}; to be closed by the caller. S is closed. */
  static Matrix root(Backend backend, Matrix s) {
    try (s) {
      Matrix root = backend.copyOf(s, DType.F64);
      backend.cholesky(root);
      return root;
    }
  }

  /** Descending singular values. */
  static double[] singularValues(Backend backend, Matrix a) {
    long r = Math.min(a.rows(), a.cols());
    try (Matrix copy = backend.copyOf(a, DType.F64);
        Matrix u = backend.zeros(DType.F64, a.rows(), r);
        Matrix s = backend.zeros(DType.F64, 1, r);
        Matrix v = backend.zeros(DType.F64, r, a.cols())) {
      backend.svd(copy, u, s, v);
      return s.toArray();
    }
  }

  /** How many singular values count. */
  static int rank(double[] descending) {
    return (int) Arrays.stream(descending).filter(value -> value > RANK * descending[0]).count();
  }

  /**
   * The largest sine between the target and the directions that the columns of A span, those left out that do not
   * count; 1 if they are more than the target has dimensions.
   */
  static double sineOutside(Backend backend, Matrix a, Matrix target) {
    long r = Math.min(a.rows(), a.cols());
    try (Matrix copy = backend.copyOf(a, DType.F64);
        Matrix u = backend.zeros(DType.F64, a.rows(), r);
        Matrix s = backend.zeros(DType.F64, 1, r);
        Matrix v = backend.zeros(DType.F64, r, a.cols())) {
      backend.svd(copy, u, s, v);
      int rank = rank(s.toArray());
      return rank > target.cols() ? 1 : sine(backend, u.block(0, 0, a.rows(), rank), target);
    }
  }
}
