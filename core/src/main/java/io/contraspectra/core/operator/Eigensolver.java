package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.matrix.NotPositiveDefinite;

/**
 * Eigendecompositions of symmetric matrices and operators. Vectors are rows, orthonormal to 1e-12 in f64; every pair
 * comes with its residual. Safe to call from several threads on operators that are.
 *
 * <p>Which solver: all pairs of a matrix by divide and conquer ({@link #full}); from an eighth of the spectrum on, or
 * for a few hundred rows, that is the fastest way to a part as well. Few pairs: {@link #largest}, {@link #smallest}.
 * Few passes over an operator that is expensive however many vectors it maps: {@link #randomized}.
 */
public final class Eigensolver {

  private Eigensolver() {}

  /**
   * All eigenpairs of a symmetric matrix, by divide and conquer. The residuals are estimates by random probes, good to
   * a fifth: measuring them would take a quarter of the time of the decomposition; see {@link Operators#residuals}.
   *
   * @param a n x n, symmetric to 1e-8 of its largest entry (f32: 1e-5); not changed
   * @return the pairs, largest value first; to be closed by the caller
   * @throws InvalidArgument if A is not symmetric
   * @throws NonFinite if A holds a NaN or an infinity
   */
  public static EigenPairs full(Backend backend, Matrix a) {
    Symmetry.require(backend, a);
    return DenseEigen.all(backend, a);
  }

  /**
   * Some eigenpairs of a symmetric matrix by their place in the order, largest first: by relatively robust
   * representations (MRRR) where they are few, else by divide and conquer.
   *
   * @param a n x n, symmetric; not changed
   * @param first place of the first, 0 for the largest
   * @param count how many
   * @return the pairs, largest value first; to be closed by the caller
   */
  public static EigenPairs range(Backend backend, Matrix a, long first, long count) {
    Symmetry.require(backend, a);
    if (first < 0 || count < 0 || first > a.rows() - count) {
      throw new InvalidArgument("eigensolver: pairs " + first + " to " + (first + count - 1) + " of " + a.describe("A")
          + " were asked for, it has pairs 0 to " + (a.rows() - 1));
    }
    return DenseEigen.range(backend, a, first, count);
  }

  /** The algebraically largest eigenpairs, see {@link #largest(SymmetricOperator, int, EigenOptions)}. */
  public static EigenPairs largest(SymmetricOperator a, int k) {
    return largest(a, k, EigenOptions.DEFAULTS);
  }

  /**
   * The k algebraically largest eigenpairs, by a block Krylov method with thick restart; by a decomposition of the
   * matrix where n is small or k not small beside it. Ties are complete: an eigenvalue of multiplicity m is found m
   * times, with orthonormal vectors.
   *
   * @param k from 1 to n (less the deflated vectors)
   * @return the pairs, largest first; to be closed by the caller
   * @throws NotConverged with the residuals reached, if the tolerance was out of reach
   * @throws NonFinite if the operator maps a vector to NaN or infinity
   */
  public static EigenPairs largest(SymmetricOperator a, int k, EigenOptions options) {
    return extreme(a, k, false, options);
  }

  /** The algebraically smallest eigenpairs, see {@link #smallest(SymmetricOperator, int, EigenOptions)}. */
  public static EigenPairs smallest(SymmetricOperator a, int k) {
    return smallest(a, k, EigenOptions.DEFAULTS);
  }

  /**
   * The k algebraically smallest eigenpairs, smallest first: those of a Laplacian, for example, whose known null
   * vectors may be {@linkplain EigenOptions#deflated() deflated}. Otherwise as {@link #largest}.
   */
  public static EigenPairs smallest(SymmetricOperator a, int k, EigenOptions options) {
    return extreme(a, k, true, options);
  }

  /**
   * The algebraically largest eigenpairs of an operator, from those of one that is nearly the same: found in single
   * precision, for example, which then decides what was found, and this only how well. Takes one application to as many
   * vectors, and more only where that does not reach the tolerance.
   *
   * @param coarse pairs of the other operator, largest first, of any element type; stay the caller's
   * @return as many pairs, largest first, with residuals of this operator; to be closed by the caller
   * @throws NotConverged with the residuals reached, if the tolerance was out of reach
   */
  public static EigenPairs refined(SymmetricOperator a, EigenPairs coarse, EigenOptions options) {
    int k = Math.toIntExact(coarse.vectors().rows());
    requireCount(a, k, options);
    if (coarse.vectors().cols() != a.size()) {
      throw new InvalidArgument("eigensolver: " + coarse.vectors().describe("the coarse vectors") + " must have "
          + a.size() + " columns, the size of the operator");
    }
    try (BlockKrylov solver = new BlockKrylov(a, k, false, block(a, k, options), 0, options);
        Matrix start = a.backend().copyOf(coarse.vectors(), a.dtype())) {
      return solver.refined(start);
    }
  }

  /**
   * The k algebraically largest eigenpairs after a fixed number of passes over the operator: a randomised block Krylov
   * method (Musco and Musco 2015), whose space contains that of subspace iteration. It starts from Gaussian vectors, or
   * from the Nyström approximation of a positive semi-definite operator by some of its rows. The residuals tell the
   * error: each value lies within {@code residual · ‖A‖} of an eigenvalue.
   *
   * @param k from 1 to n
   * @return the pairs, largest first; to be closed by the caller
   * @throws NotConverged only if the options set a tolerance, and it is not reached
   */
  public static EigenPairs randomized(SymmetricOperator a, int k, EigenOptions options) {
    requireCount(a, k, options);
    long room = a.size() - deflated(options);
    int block = (int) Math.min(room, options.block() > 0 ? Math.max(k, options.block()) : k + Math.max(10L, k));
    int basis = (int) Math.min(room, (long) block * options.passes());
    try (BlockKrylov solver = new BlockKrylov(a, k, false, block, basis, options)) {
      if (options.landmarks() == 0) {
        return solver.afterPasses(options.passes(), null);
      }
      try (Matrix start = Nystrom.start(a, block, options)) {
        return solver.afterPasses(options.passes(), start);
      }
    }
  }

  /**
   * The same pairs with residuals that are measured by an application of A instead of estimated.
   *
   * @param pairs of A, all of them; taken over
   * @return to be closed by the caller
   */
  public static EigenPairs measured(SymmetricOperator a, EigenPairs pairs) {
    try {
      double norm = a.backend().maxAbs(pairs.values());
      Matrix residuals = Operators.residuals(a, pairs.values(), pairs.vectors(), norm);
      pairs.residuals().close();
      return new EigenPairs(pairs.values(), pairs.vectors(), residuals);
    } catch (RuntimeException | Error e) {
      pairs.close();
      throw e;
    }
  }

  /** Whether k pairs of n are found faster by a decomposition of the whole matrix, where it is at hand. */
  public static boolean isBetterDense(long size, int k) {
    return DenseEigen.isBetter(size, k);
  }

  /**
   * All solutions of {@code A v = λ B v} with a positive definite B, by Cholesky's factorisation.
   *
   * @param a n x n, symmetric; not changed
   * @param b n x n, symmetric positive definite; not changed
   * @return the pairs, largest value first, with {@code v_iᵀ B v_j = δ_ij}; residuals are those of
   *     {@code L⁻¹ A L⁻ᵀ}; to be closed by the caller
   * @throws NotPositiveDefinite if B is not; see {@link #generalizedOnRange}
   */
  public static EigenPairs generalized(Backend backend, Matrix a, Matrix b) {
    GeneralizedEigen.requireAlike(a, b);
    Symmetry.require(backend, a);
    Symmetry.require(backend, b);
    return GeneralizedEigen.byCholesky(backend, a, b);
  }

  /**
   * The solutions of {@code A v = λ B v} with v in the range of a positive semi-definite B.
   *
   * @param a n x n, symmetric; not changed
   * @param b n x n, symmetric positive semi-definite; not changed
   * @param cutoff eigenvalues of B up to this fraction of its largest count as 0
   * @return as many pairs as B has rank, largest value first, with {@code v_iᵀ B v_j = δ_ij}; residuals are those of A
   *     compressed to the range; to be closed by the caller
   */
  public static EigenPairs generalizedOnRange(Backend backend, Matrix a, Matrix b, double cutoff) {
    GeneralizedEigen.requireAlike(a, b);
    Symmetry.require(backend, a);
    Symmetry.require(backend, b);
    return GeneralizedEigen.onRange(backend, a, b, cutoff);
  }

  private static EigenPairs extreme(SymmetricOperator a, int k, boolean smallest, EigenOptions options) {
    requireCount(a, k, options);
    if (DenseEigen.isBetter(a.size(), k)) {
      return dense(a, k, smallest, options);
    }
    long patience = DenseEigen.isFeasible(a, options) ? 2 * a.size() : Long.MAX_VALUE;
    try (BlockKrylov solver = new BlockKrylov(a, k, smallest, block(a, k, options), 0, options)) {
      EigenPairs pairs = solver.untilConverged(patience);
      if (pairs != null) {
        return pairs;
      }
    }
    // A spectrum without gaps: n vectors more give the matrix itself.
    return dense(a, k, smallest, options);
  }

  private static EigenPairs dense(SymmetricOperator a, int k, boolean smallest, EigenOptions options) {
    EigenPairs pairs = DenseEigen.extreme(a, k, smallest, options);
    double worst = pairs.worstResidual();
    if (options.tolerance() > 0 && worst > options.tolerance()) {
      pairs.close();
      throw new NotConverged("eigensolver: " + k + " eigenpairs of an operator of size " + a.size()
          + " by a full decomposition: residuals up to " + worst + " where " + options.tolerance()
          + " was asked for; no method reaches less in " + a.dtype());
    }
    return pairs;
  }

  // A block of all k vectors needs no search for missed ties; it is taken where the operator maps it cheaply.
  private static int block(SymmetricOperator a, int k, EigenOptions options) {
    if (options.block() > 0) {
      return options.block();
    }
    int preferred = a.preferredBlock();
    return preferred > 1 && k > preferred && k <= 2 * preferred ? k : preferred;
  }

  private static void requireCount(SymmetricOperator a, int k, EigenOptions options) {
    long room = a.size() - deflated(options);
    if (room == 0) {
      throw new InvalidArgument("eigensolver: an operator of size " + a.size()
          + (a.size() > 0 ? " with as many vectors deflated" : "") + " has no eigenpairs; it needs at least one row"
          + (a.size() > 0 ? " more" : ""));
    }
    if (k < 1 || k > room) {
      throw new InvalidArgument("eigensolver: " + k + " eigenpairs of an operator of size " + a.size()
          + (room < a.size() ? " with " + deflated(options) + " vectors deflated" : "") + ": ask for 1 to " + room);
    }
    Matrix deflated = options.deflated();
    if (deflated != null && (deflated.cols() != a.size() || deflated.dtype() != a.dtype())) {
      throw new InvalidArgument("eigensolver: " + deflated.describe("the deflated vectors") + " " + deflated.dtype()
          + " must be rows of " + a.size() + " columns of " + a.dtype());
    }
  }

  private static long deflated(EigenOptions options) {
    Matrix rows = options.deflated();
    return rows == null ? 0 : rows.rows();
  }
}
