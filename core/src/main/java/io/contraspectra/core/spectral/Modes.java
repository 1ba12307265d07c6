package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenOptions;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.Arrays;
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
    return largest(a, k, removed, EigenOptions.DEFAULTS);
  }

  /** As {@link #largest(SymmetricOperator, int, double[])}, with options of the solver. */
  static Modes largest(SymmetricOperator a, int k, double @Nullable [] removed, EigenOptions options) {
    return extreme(a, k, false, removed, options);
  }

  /** The algebraically smallest eigenpairs, as {@link #largest(SymmetricOperator, int, double[])}. */
  static Modes smallest(SymmetricOperator a, int k, double @Nullable [] removed) {
    return extreme(a, k, true, removed, EigenOptions.DEFAULTS);
  }

  /** The unit vector whose entries are all equal. */
  static double[] constant(int n) {
    var constant = new double[n];
    Arrays.fill(constant, 1 / Math.sqrt(n));
    return constant;
  }

  private static Modes extreme(SymmetricOperator a, int k, boolean smallest, double @Nullable [] removed,
      EigenOptions options) {
    if (removed == null) {
      return extreme(a, k, smallest, a.size(), options);
    }
    Backend backend = a.backend();
    try (Matrix row = backend.zeros(a.dtype(), 1, removed.length)) {
      row.copyFrom(removed);
      return extreme(a, k, smallest, a.size() - 1, options.withDeflated(row));
    }
  }

  /** One pair more than wanted tells whether the last one wanted is multiple. */
  private static Modes extreme(SymmetricOperator a, int k, boolean smallest, long most, EigenOptions options) {
    int asked = (int) Math.min(k + 1L, most);
    try (EigenPairs pairs = smallest ? Eigensolver.smallest(a, asked, options)
        : Eigensolver.largest(a, asked, options)) {
      double[] values = pairs.values().toArray();
      var vectors = new double[k][];
      for (int i = 0; i < k; i++) {
        vectors[i] = pairs.vectors().rowRange(i, 1).toArray();
      }
      return new Modes(Arrays.copyOf(values, k), vectors, asked > k ? values[k] : Double.NaN);
    }
  }
}
