package io.contraspectra.core.loss;

import java.util.Arrays;

/**
 * The min player's answer under the inverse regulariser: of all alpha_i. ≥ 0 with sum b, the one that minimises
 * {@code Σ_j alpha_ij D_ij − tau Σ_j alpha_ij^(1−gamma)/(1−gamma)},
 * {@code alpha_ij = (tau/(D_ij + lambda_i))^(1/gamma)}; or with the offset fixed,
 * {@code alpha_ij ∝ (D_ij + tau)^(−1/gamma)} (alphacl.md 4c). The loss is {@code Σ alpha_ij u_ij}.
 */
final class InverseImportance extends HostImportance {

  private static final int MOST_STEPS = 200;

  private final double tau;
  private final double budget;
  private final double gamma;
  private final boolean fixed;

  InverseImportance(double tau, double budget, double gamma, boolean fixed) {
    this.tau = tau;
    this.budget = budget;
    this.gamma = gamma;
    this.fixed = fixed;
  }

  @Override
  boolean ofDistances() {
    return true;
  }

  @Override
  double weigh(double[] distances, int count, double[] scratch) {
    double offset = fixed ? tau : offset(distances, count, tau, budget, gamma);
    double sum = 0;
    for (int j = 0; j < count; j++) {
      distances[j] = Math.pow(tau / (distances[j] + offset), 1 / gamma);
      sum += distances[j];
    }
    for (int j = 0; j < count; j++) {
      distances[j] *= budget / sum;
    }
    return 0;
  }

  /**
   * The offset lambda at which {@code s(lambda) = Σ_j (tau/(D_j + lambda))^(1/gamma) = b}. Newton's method on
   * {@code s^(−gamma)}, which is linear in lambda for equal distances, kept inside a bracket that shrinks.
   *
   * @param distances D_j, of which the first {@code count} are meant, at least one
   */
  static double offset(double[] distances, int count, double tau, double budget, double gamma) {
    double least = Arrays.stream(distances, 0, count).min().orElseThrow();
    double low = tau * Math.pow(budget, -gamma);
    double high = tau * Math.pow(count / budget, gamma);
    double goal = Math.pow(budget, -gamma);
    double x = low;
    for (int step = 0; step < MOST_STEPS; step++) {
      double sum = 0;
      double slope = 0;
      for (int j = 0; j < count; j++) {
        double shifted = distances[j] - least + x;
        double term = Math.pow(tau / shifted, 1 / gamma);
        sum += term;
        slope += term / shifted;
      }
      // d(s^-gamma)/dx = s^(-gamma - 1) Σ term/(D + x).
      double value = Math.pow(sum, -gamma);
      double next = x + (goal - value) * sum / (value * slope);
      if (value < goal) {
        low = x;
      } else {
        high = x;
      }
      if (!(next > low && next < high)) {
        next = (low + high) / 2;
      }
      if (next == x || Math.abs(next - x) <= Math.ulp(x)) {
        break;
      }
      x = next;
    }
    return x - least;
  }
}
