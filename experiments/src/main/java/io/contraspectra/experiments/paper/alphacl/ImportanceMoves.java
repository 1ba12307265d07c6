package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.experiments.paper.alphacl.LossRow.Feasible;
import java.util.random.RandomGenerator;

/** Random moves of an importance that stay among those that may be played. */
final class ImportanceMoves {

  private static final double SHRINKAGE = 0.2;

  private ImportanceMoves() {}

  /**
   * Another importance near the given one.
   *
   * @param alpha n x n, with zeros on the diagonal
   * @param size standard deviation of the moves: of logarithms, or of entries in a box
   */
  static double[] moved(double[] alpha, int n, Feasible feasible, double size, RandomGenerator random) {
    double[] moved = alpha.clone();
    if (feasible == Feasible.POINT) {
      return moved;
    }
    for (int i = 0; i < n; i++) {
      double before = 0;
      double after = 0;
      for (int j = i * n; j < (i + 1) * n; j++) {
        double step = size * random.nextGaussian();
        before += alpha[j];
        moved[j] = feasible == Feasible.BOX
            ? Math.clamp(alpha[j] + step, 0, j == i * n + i ? 0 : 1)
            : alpha[j] * Math.exp(step);
        after += moved[j];
      }
      if (after > 0 && (feasible == Feasible.SUMS || feasible == Feasible.SUMS_BELOW)) {
        double sum = feasible == Feasible.SUMS ? 1 : before * (1 - SHRINKAGE * random.nextDouble());
        for (int j = i * n; j < (i + 1) * n; j++) {
          moved[j] *= sum / after;
        }
      }
    }
    return moved;
  }
}
