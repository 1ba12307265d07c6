package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenOptions;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.operator.Operators;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.Arrays;

/**
 * Extreme eigenpairs of a symmetric operator, all of them or those besides a known one.
 *
 * @param values the eigenvalues asked for, from the extreme one on
 * @param vectors their orthonormal eigenvectors
 * @param next the eigenvalue that would come next, NaN if there is none
 */
record Modes(double[] values, double[][] vectors, double next) {

  /**
   * The algebraically largest eigenpairs of A.
   *
   * @param k at most the operator's size
   */
  static Modes largest(SymmetricOperator a, int k) {
    return extreme(a, k, false, a.size(), EigenOptions.DEFAULTS);
  }

  /**
   * The algebraically largest eigenpairs of HAH besides its zero for the constant vector.
   *
   * @param k less than the operator's size
   */
  static Modes largestCentred(SymmetricOperator a, int k, EigenOptions options) {
    return without(constant(Math.toIntExact(a.size())), Operators.centred(a), k, false, options);
  }

  /**
   * The algebraically smallest eigenpairs of A besides a known one.
   *
   * @param k less than the operator's size
   * @param known unit eigenvector of A, to which the others are orthogonal
   */
  static Modes smallest(SymmetricOperator a, int k, double[] known) {
    return without(known, a, k, true, EigenOptions.DEFAULTS);
  }

  /** The unit vector whose entries are all equal. */
  static double[] constant(int n) {
    var constant = new double[n];
    Arrays.fill(constant, 1 / Math.sqrt(n));
    return constant;
  }

  private static Modes without(double[] known, SymmetricOperator a, int k, boolean smallest, EigenOptions options) {
    try (Matrix row = a.backend().zeros(a.dtype(), 1, known.length)) {
      row.copyFrom(known);
      return extreme(a, k, smallest, a.size() - 1, options.withDeflated(row));
    }
  }

  /** One pair more than wanted tells whether the last one wanted is multiple. */
  private static Modes extreme(SymmetricOperator a, int k, boolean smallest, long most, EigenOptions options) {
    int asked = (int) Math.min(k + 1L, most);
    EigenOptions heard = options.progress() == Progress.NONE ? options.withProgress(Progress.current()) : options;
    try (EigenPairs pairs = smallest ? Eigensolver.smallest(a, asked, heard)
        : Eigensolver.largest(a, asked, heard)) {
      double[] values = pairs.values().toArray();
      var vectors = new double[k][];
      for (int i = 0; i < k; i++) {
        vectors[i] = pairs.vectors().rowRange(i, 1).toArray();
      }
      return new Modes(Arrays.copyOf(values, k), vectors, asked > k ? values[k] : Double.NaN);
    }
  }
}
