package io.contraspectra.core.loss;

import io.contraspectra.core.matrix.InvalidArgument;

/**
 * How much every pair (anchor i, negative j) counts: the pairwise importance alpha_ij as a function of the advantages
 * u_ij = d_i² − D_ij, or of the distances D_ij (alphacl.md 2, 4).
 */
abstract class Importance {

  /** Whether {@link #weigh} starts from distances rather than advantages. */
  boolean ofDistances() {
    return false;
  }

  /**
   * Replaces the pairs of a block by their importance, 0 where j is no negative of i, and writes what each anchor adds
   * to the loss.
   */
  abstract void weigh(PairBlock block);

  /**
   * Turns importance into the derivatives of {@code Σ alpha_ij u_ij}, with alpha a function of u, and the losses into
   * this sum's parts. The advantages are those that were kept before {@link #weigh}.
   */
  void backPropagate(PairBlock block) {
    throw new AssertionError(this);
  }

  /** Whether {@link #backPropagate} is possible. */
  boolean canBackPropagate() {
    return false;
  }

  /**
   * The convex conjugate F*(alpha_i.) of F(u) = phi(Σ_j psi(u_j)) (alphacl.md 4b).
   *
   * @param row alpha_ij for the negatives j of one anchor
   * @throws InvalidArgument where F is not convex, or there is no F
   */
  double conjugate(double[] row) {
    throw new InvalidArgument("this importance has no convex F(u) behind it, so there is no game value");
  }

  /** Σ a log a, with 0 log 0 = 0. */
  static double negativeEntropy(double[] row) {
    double sum = 0;
    for (double a : row) {
      sum += a == 0 ? 0 : a * Math.log(a);
    }
    return sum;
  }

  static double sum(double[] row) {
    double sum = 0;
    for (double a : row) {
      sum += a;
    }
    return sum;
  }
}
