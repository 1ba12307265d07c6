package io.contraspectra.core.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Extreme eigenpairs of a symmetric operator, on all vectors or on those orthogonal to a given one.
 *
 * @param values the eigenvalues asked for, from the extreme one on
 * @param vectors their orthonormal eigenvectors
 * @param next the eigenvalue that would come next, NaN if there is none
 */
record Modes(double[] values, double[][] vectors, double next) {

  /**
   * The algebraically largest eigenpairs.
   *
   * @param k at most the operator's size, less 1 if a vector is removed
   * @param removed unit vector that the eigenvectors are orthogonal to, or null
   */
  static Modes largest(SymmetricOperator a, int k, double @Nullable [] removed) {
    return dense(a, k, false, removed);
  }

  /** The algebraically smallest eigenpairs, as {@link #largest}. */
  static Modes smallest(SymmetricOperator a, int k, double @Nullable [] removed) {
    return dense(a, k, true, removed);
  }

  /** The unit vector whose entries are all equal. */
  static double[] constant(int n) {
    var constant = new double[n];
    Arrays.fill(constant, 1 / Math.sqrt(n));
    return constant;
  }

  private static Modes dense(SymmetricOperator a, int k, boolean smallest, double @Nullable [] removed) {
    Backend backend = a.backend();
    try (Matrix matrix = matrix(a)) {
      if (removed == null) {
        try (EigenPairs pairs = Eigensolver.full(backend, matrix)) {
          return of(pairs.values().toArray(), pairs.vectors(), k, smallest);
        }
      }
      try (Matrix basis = complement(backend, a, removed); Matrix image = like(backend, basis);
          Matrix inside = backend.zeros(a.dtype(), basis.rows(), basis.rows())) {
        backend.gemm(NO, NO, 1, basis, matrix, 0, image);
        backend.gemm(NO, YES, 1, image, basis, 0, inside);
        try (EigenPairs pairs = Eigensolver.full(backend, inside)) {
          backend.gemm(NO, NO, 1, pairs.vectors(), basis, 0, image);
          return of(pairs.values().toArray(), image, k, smallest);
        }
      }
    }
  }

  /** All eigenpairs, largest first, cut to those wanted. */
  private static Modes of(double[] values, Matrix vectors, int k, boolean smallest) {
    int n = values.length;
    IntStream order = IntStream.range(0, Math.min(k, n)).map(i -> smallest ? n - 1 - i : i);
    int[] chosen = order.toArray();
    return new Modes(Arrays.stream(chosen).mapToDouble(i -> values[i]).toArray(),
        Arrays.stream(chosen).mapToObj(i -> vectors.rowRange(i, 1).toArray()).toArray(double[][]::new),
        k < n ? values[smallest ? n - 1 - k : k] : Double.NaN);
  }

  private static Matrix matrix(SymmetricOperator a) {
    Backend backend = a.backend();
    Matrix matrix = backend.zeros(a.dtype(), a.size(), a.size());
    try (Matrix units = like(backend, matrix)) {
      backend.shiftDiagonal(1, units);
      a.apply(units, matrix);
      return matrix;
    } catch (RuntimeException | Error e) {
      matrix.close();
      throw e;
    }
  }

  /** An orthonormal basis of what is orthogonal to q: all but the first row of the reflection that maps q to ±e_1. */
  private static Matrix complement(Backend backend, SymmetricOperator a, double[] q) {
    int n = q.length;
    double[] w = q.clone();
    w[0] += q[0] < 0 ? -1 : 1;
    double squared = Arrays.stream(w).map(v -> v * v).sum();
    Matrix basis = backend.zeros(a.dtype(), n - 1, n);
    for (int i = 1; i < n; i++) {
      var row = new double[n];
      for (int j = 0; j < n; j++) {
        row[j] = (i == j ? 1 : 0) - 2 * w[i] * w[j] / squared;
      }
      basis.rowRange(i - 1, 1).copyFrom(row);
    }
    return basis;
  }

  private static Matrix like(Backend backend, Matrix x) {
    return backend.zeros(x.dtype(), x.rows(), x.cols());
  }
}
