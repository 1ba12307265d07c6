package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.LossParameter.Domain;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.Arrays;
import java.util.Set;

/**
 * A loss of the alpha-CL family on N anchors z_i and their positives z'_i, with halved squared distances
 * d_ij² = ‖z_i − z_j‖²/2, d_i² = ‖z_i − z'_i‖²/2 and advantages u_ij = d_i² − d_ij² (alphacl.md):
 *
 * <ul>
 * <li>{@code Σ_i phi(Σ_j psi(u_ij))} over the negatives j of i. Its gradient is that of {@code Σ alpha_ij u_ij} with
 * the pairwise importance alpha_ij = phi' psi' held fixed (theorem 1).
 * <li>{@code Σ alpha_ij u_ij} with an importance designed for its own sake, and held fixed.
 * </ul>
 *
 * <p>Both are sums over anchors, not means. The {@link SideArray#MASK} says which j are negatives of i. Immutable.
 */
public final class AlphaLoss implements Loss {

  private static final Set<SideArray> ARRAYS = Set.of(SideArray.MASK);

  private final String name;
  private final Importance importance;
  private final boolean twoViews;
  private final boolean backPropagated;

  private AlphaLoss(String name, Importance importance, boolean twoViews, boolean backPropagated) {
    this.name = name;
    this.importance = importance;
    this.twoViews = twoViews;
    this.backPropagated = backPropagated;
  }

  AlphaLoss(String name, Importance importance) {
    this(name, importance, false, false);
  }

  /** A loss of one's own: any increasing phi and psi, evaluated pair by pair on the host. */
  public static AlphaLoss of(String name, PairFunctions functions) {
    return new AlphaLoss(name, new FunctionImportance(functions));
  }

  /** InfoNCE: phi = tau log(eps + x), psi = exp(u/tau); eps = 1 has the positive in the denominator, 0 has not. */
  public static AlphaLoss infoNce(double tau, double eps) {
    LossParameter.require("tau", Domain.POSITIVE, tau);
    LossParameter.require("eps", Domain.NON_NEGATIVE, eps);
    return new AlphaLoss("alpha-infonce", new SoftmaxImportance(tau, eps, 0));
  }

  /** The min player under entropy: alpha_ij = budget softmax_j(−d_ij²/tau), held fixed. */
  public static AlphaLoss entropy(double tau, double budget) {
    requireRegulariser(tau, budget);
    return new AlphaLoss("alpha-entropy", new EntropyImportance(tau, budget));
  }

  /** The min player under the square regulariser: alpha_ij = [mu_i − d_ij²]₊/tau with sum budget, held fixed. */
  public static AlphaLoss square(double tau, double budget) {
    requireRegulariser(tau, budget);
    return new AlphaLoss("alpha-square", new SquareImportance(tau, budget));
  }

  /**
   * The min player under the inverse regulariser: alpha_ij = (tau/(d_ij² + lambda_i))^(1/gamma) with sum budget, or
   * with {@code fixed} alpha_ij ∝ (d_ij² + tau)^(−1/gamma); held fixed.
   */
  public static AlphaLoss inverse(double tau, double budget, double gamma, boolean fixed) {
    requireRegulariser(tau, budget);
    LossParameter.require("gamma", Domain.POSITIVE, gamma);
    return new AlphaLoss("alpha-inverse", new InverseImportance(tau, budget, gamma, fixed));
  }

  /** Importance set directly: alpha_ij ∝ exp(−d_ij^p/tau), with e times the number of negatives in the denominator. */
  public static AlphaLoss direct(double p, double tau, double e) {
    LossParameter.require("p", Domain.POSITIVE, p);
    LossParameter.require("tau", Domain.POSITIVE, tau);
    LossParameter.require("e", Domain.NON_NEGATIVE, e);
    return new AlphaLoss("alpha-direct", new DirectImportance(p, tau, e));
  }

  private static void requireRegulariser(double tau, double budget) {
    LossParameter.require("tau", Domain.POSITIVE, tau);
    LossParameter.require("budget", Domain.POSITIVE, budget);
  }

  /**
   * The same loss with every one of the 2N rows an anchor, its partner in the other block the positive, and neither
   * itself nor its partner a negative (the "2N views" of alphacl.md 5). A mask is 2N x 2N then.
   */
  public AlphaLoss ofTwoViews() {
    return new AlphaLoss(name, importance, true, backPropagated);
  }

  /**
   * {@code Σ alpha_ij u_ij} with alpha a function of the embeddings, whose derivative is taken too: the baseline that
   * holding alpha fixed is compared with.
   *
   * @throws InvalidArgument where importance is no softmax of distances
   */
  public AlphaLoss backPropagated() {
    if (!importance.canBackPropagate()) {
      throw new InvalidArgument(name + ": importance is back-propagated only where it is a softmax of distances:"
          + " alpha-infonce, alpha-mine, alpha-nplus1, alpha-soft-triplet and alpha-entropy");
    }
    return new AlphaLoss(name, importance, twoViews, true);
  }

  /**
   * {@code Σ_i F*(alpha_i.)}, the convex conjugate of F(u) = phi(Σ_j psi(u_j)). With it the loss is the value of a
   * game, {@code L = −min_alpha (E_alpha + Σ_i F*(alpha_i.))}, which the pairwise importance attains (alphacl.md 4b).
   *
   * @param alpha n x n
   * @param mask n x n, 1 where j is a negative of i
   * @throws InvalidArgument where F is not convex, or there is none
   */
  public double conjugate(Matrix alpha, Matrix mask) {
    if (alpha.rows() != mask.rows() || alpha.cols() != mask.cols()) {
      throw new ShapeMismatch(name + ": " + alpha.describe("alpha") + " and " + mask.describe("mask")
          + " must have one shape");
    }
    double sum = 0;
    for (long i = 0; i < alpha.rows(); i++) {
      double[] row = alpha.rowRange(i, 1).toArray();
      double[] counts = mask.rowRange(i, 1).toArray();
      int count = 0;
      for (int j = 0; j < row.length; j++) {
        if (counts[j] != 0) {
          row[count++] = row[j];
        }
      }
      sum += importance.conjugate(Arrays.copyOf(row, count));
    }
    return sum;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public LossStyle style() {
    return LossStyle.ALPHA;
  }

  /** How many anchors there are among blocks of N rows: N, or 2N where both views are. */
  public long anchors(long samples) {
    return twoViews ? 2 * samples : samples;
  }

  boolean isOfTwoViews() {
    return twoViews;
  }

  boolean isBackPropagated() {
    return backPropagated;
  }

  Importance importance() {
    return importance;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    // As if a mask were given, which takes the more memory.
    return AlphaEvaluation.bytes(dtype, anchors(samples), outputs);
  }

  @Override
  public AlphaEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    arrays.requireOnly(ARRAYS, name);
    return new AlphaEvaluation(this, backend, dtype, samples, outputs, arrays.find(SideArray.MASK));
  }

  @Override
  public AlphaEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs) {
    return evaluation(backend, dtype, samples, outputs, SideArrays.NONE);
  }

  @Override
  public String toString() {
    return name;
  }
}
