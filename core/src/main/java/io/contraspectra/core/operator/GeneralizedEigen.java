package io.contraspectra.core.operator;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;

/** {@code A v = λ B v} for matrices, reduced to a plain problem. */
final class GeneralizedEigen {

  private GeneralizedEigen() {}

  static void requireAlike(Matrix a, Matrix b) {
    if (a.rows() != b.rows() || a.cols() != b.cols()) {
      throw new ShapeMismatch("generalized eigensolver: " + a.describe("A") + " and " + b.describe("B")
          + " must have one shape");
    }
  }

  /** With {@code B = L Lᵀ}: pairs of {@code L⁻¹ A L⁻ᵀ}, whose vectors u give {@code v = L⁻ᵀ u}. */
  static EigenPairs byCholesky(Backend backend, Matrix a, Matrix b) {
    try (Matrix l = backend.copyOf(b, b.dtype()); Matrix reduced = backend.copyOf(a, a.dtype())) {
      backend.cholesky(l);
      backend.solveTriangular(Side.LEFT, Triangle.LOWER, NO, 1, l, reduced);
      backend.solveTriangular(Side.RIGHT, Triangle.LOWER, YES, 1, l, reduced);
      EigenPairs pairs = DenseEigen.all(backend, reduced);
      backend.solveTriangular(Side.RIGHT, Triangle.LOWER, NO, 1, l, pairs.vectors());
      return pairs;
    }
  }

  /** With {@code B = Uᵀ diag(s) U} on its range and {@code P = diag(s)^(-1/2) U}: pairs of {@code P A Pᵀ}. */
  static EigenPairs onRange(Backend backend, Matrix a, Matrix b, double cutoff) {
    if (!(cutoff >= 0 && cutoff < 1)) {
      throw new InvalidArgument("generalized eigensolver: cutoff " + cutoff + " must be at least 0 and less than 1");
    }
    try (EigenPairs weights = DenseEigen.all(backend, b)) {
      double[] s = weights.values().toArray();
      int rank = 0;
      while (rank < s.length && s[rank] > cutoff * s[0] && s[rank] > 0) {
        rank++;
      }
      var scales = new double[rank];
      for (int i = 0; i < rank; i++) {
        scales[i] = 1 / Math.sqrt(s[i]);
      }
      try (Matrix p = backend.copyOf(weights.vectors().rowRange(0, rank), a.dtype())) {
        try (Matrix column = backend.zeros(a.dtype(), rank, 1)) {
          column.copyFrom(scales);
          backend.multiplyColumn(column, p, p);
        }
        return compressed(backend, a, p);
      }
    }
  }

  private static EigenPairs compressed(Backend backend, Matrix a, Matrix p) {
    long rank = p.rows();
    try (Matrix half = backend.zeros(a.dtype(), rank, a.cols()); Matrix reduced = backend.zeros(a.dtype(), rank, rank)) {
      backend.gemm(NO, NO, 1, p, a, 0, half);
      backend.gemm(NO, YES, 1, half, p, 0, reduced);
      try (EigenPairs inside = DenseEigen.all(backend, reduced)) {
        Matrix vectors = backend.zeros(a.dtype(), rank, a.cols());
        backend.gemm(NO, NO, 1, inside.vectors(), p, 0, vectors);
        return new EigenPairs(backend.copyOf(inside.values(), a.dtype()), vectors,
            backend.copyOf(inside.residuals(), a.dtype()));
      }
    }
  }
}
