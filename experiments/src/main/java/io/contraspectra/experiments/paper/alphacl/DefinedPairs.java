package io.contraspectra.experiments.paper.alphacl;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * Anchors, positives and negatives at given embeddings, and alpha-CL's sums over them by their definitions, pair by
 * pair (alphacl.md 1, 5): what the matrix forms of core are compared with. Distances are exact.
 */
final class DefinedPairs {

  private final BigDecimal[][] z;
  private final int samples;
  private final boolean twoViews;
  private final BigDecimal scale;
  private final BigDecimal[][] advantages;

  /**
   * The pairs of N samples.
   *
   * @param embeddings 2N x K row by row: anchors and their positives, or two views
   * @param twoViews whether all 2N rows are anchors
   */
  DefinedPairs(double[] embeddings, int samples, boolean twoViews, DistanceScale scale) {
    int outputs = embeddings.length / (2 * samples);
    this.z = new BigDecimal[2 * samples][outputs];
    for (int i = 0; i < embeddings.length; i++) {
      z[i / outputs][i % outputs] = new BigDecimal(embeddings[i]);
    }
    this.samples = samples;
    this.twoViews = twoViews;
    this.scale = scale.factor();
    this.advantages = new BigDecimal[anchors()][anchors()];
    for (int i = 0; i < anchors(); i++) {
      BigDecimal positive = distance(i, positive(i));
      for (int j = 0; j < anchors(); j++) {
        advantages[i][j] = positive.subtract(distance(i, j));
      }
    }
  }

  int anchors() {
    return twoViews ? 2 * samples : samples;
  }

  private int positive(int anchor) {
    return (anchor + samples) % (2 * samples);
  }

  boolean isNegative(int anchor, int other) {
    return other != anchor && other != positive(anchor);
  }

  /** The scaled squared distance of two rows. */
  BigDecimal distance(int i, int j) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 0; k < z[i].length; k++) {
      BigDecimal difference = z[i][k].subtract(z[j][k]);
      sum = sum.add(difference.multiply(difference));
    }
    return sum.multiply(scale);
  }

  /** Values and importance of a loss. */
  record Evaluated(double[] losses, double[] alpha) {}

  /** What each anchor adds to the loss, and {@code alpha_ij = phi'(xi_i) psi'(u_ij)}, n x n. */
  Evaluated evaluate(LossRow row) {
    int n = anchors();
    var losses = new double[n];
    var alpha = new double[n * n];
    for (int i = 0; i < n; i++) {
      var psi = new ExactDual[n];
      BigDecimal xi = BigDecimal.ZERO;
      for (int j = 0; j < n; j++) {
        if (isNegative(i, j)) {
          psi[j] = row.psi(ExactDual.variable(advantages[i][j]));
          xi = xi.add(psi[j].value());
        }
      }
      ExactDual phi = row.phi(ExactDual.variable(xi));
      losses[i] = phi.value().doubleValue();
      for (int j = 0; j < n; j++) {
        if (isNegative(i, j)) {
          alpha[i * n + j] = phi.slope().multiply(psi[j].slope()).doubleValue();
        }
      }
    }
    return new Evaluated(losses, alpha);
  }

  /** {@code E = Σ alpha_ij (d_ij² − d_i²)}. */
  double energy(double[] alpha) {
    int n = anchors();
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        sum = sum.subtract(advantages[i][j].multiply(new BigDecimal(alpha[i * n + j])));
      }
    }
    return sum.doubleValue();
  }

  /** The derivative of {@link #energy} with respect to every row at fixed alpha, 2N x K row by row. */
  double[] energyGradient(double[] alpha) {
    int n = anchors();
    int outputs = z[0].length;
    var gradient = new BigDecimal[z.length * outputs];
    Arrays.fill(gradient, BigDecimal.ZERO);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (alpha[i * n + j] != 0) {
          BigDecimal weight = new BigDecimal(alpha[i * n + j]).multiply(scale).multiply(BigDecimal.TWO);
          addPair(gradient, i, j, weight);
          addPair(gradient, i, positive(i), weight.negate());
        }
      }
    }
    var rounded = new double[gradient.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = gradient[i].doubleValue();
    }
    return rounded;
  }

  /** Adds the derivative of {@code weight ‖z_i − z_j‖²/2}. */
  private void addPair(BigDecimal[] gradient, int i, int j, BigDecimal weight) {
    int outputs = z[0].length;
    for (int k = 0; k < outputs; k++) {
      BigDecimal pull = z[i][k].subtract(z[j][k]).multiply(weight);
      gradient[i * outputs + k] = gradient[i * outputs + k].add(pull);
      gradient[j * outputs + k] = gradient[j * outputs + k].subtract(pull);
    }
  }
}
