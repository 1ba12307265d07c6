package io.contraspectra.core.loss;

import java.util.Arrays;

/**
 * The min player's answer under the square regulariser: of all alpha_i. ≥ 0 with sum b, the one that minimises
 * {@code Σ_j alpha_ij D_ij + (tau/2) Σ_j alpha_ij²}, {@code alpha_ij = [mu_i − D_ij]₊/tau} with the level mu_i found by
 * water-filling; sparse (alphacl.md 4c). The loss is {@code Σ alpha_ij u_ij}.
 */
final class SquareImportance extends HostImportance {

  private final double tau;
  private final double budget;

  SquareImportance(double tau, double budget) {
    this.tau = tau;
    this.budget = budget;
  }

  @Override
  double weigh(double[] advantages, int count, double[] scratch) {
    // Distances less the row's constant d_i², which moves the level alone.
    for (int j = 0; j < count; j++) {
      advantages[j] = -advantages[j];
    }
    System.arraycopy(advantages, 0, scratch, 0, count);
    double level = level(scratch, count, tau, budget);
    for (int j = 0; j < count; j++) {
      advantages[j] = Math.max(0, level - advantages[j]) / tau;
    }
    return 0;
  }

  /**
   * The level mu at which {@code Σ_j [mu − D_j]₊ = tau b}.
   *
   * @param distances D_j, of which the first {@code count} are meant, at least one; sorts them
   */
  static double level(double[] distances, int count, double tau, double budget) {
    Arrays.sort(distances, 0, count);
    // Measured from the smallest, so that what all have in common costs no digits.
    double least = distances[0];
    double above = 0;
    double level = tau * budget;
    for (int k = 1; k < count && distances[k] - least < level; k++) {
      above += distances[k] - least;
      level = (above + tau * budget) / (k + 1);
    }
    return least + level;
  }
}
