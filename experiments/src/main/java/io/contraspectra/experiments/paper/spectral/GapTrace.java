package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.optimize.Objective;
import io.contraspectra.experiments.paper.Measured;
import java.util.Arrays;

/** A loss whose first descent is followed: how far the best value is from the optimum after 1, 2, 4, … evaluations. */
final class GapTrace implements Objective {

  /** Evaluations after which the gap is recorded. */
  static final double[] EVALUATIONS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

  /** Less is rounding. */
  private static final double LEAST = 1e-16;

  private final String name;
  private final Objective loss;
  private final double optimum;
  private final Measured.Sheet sheet;
  private double best = Double.POSITIVE_INFINITY;
  private int evaluations;
  private boolean ended;

  GapTrace(String name, Objective loss, double optimum, Measured.Sheet sheet) {
    this.name = name;
    this.loss = loss;
    this.optimum = optimum;
    this.sheet = sheet;
  }

  static String gapName(String name, double evaluations) {
    return "gap of " + name + " after " + (int) evaluations;
  }

  @Override
  public double evaluate(Matrix theta, Matrix gradient) {
    double value = loss.evaluate(theta, gradient);
    // The first evaluation is that of the form itself.
    if (!ended && evaluations++ > 0) {
      best = Math.min(best, value);
      if (Arrays.stream(EVALUATIONS).anyMatch(count -> count == evaluations - 1)) {
        record(evaluations - 1);
      }
    }
    return value;
  }

  /** The descent is over; it stays where it is. */
  void end() {
    if (!ended) {
      Arrays.stream(EVALUATIONS).filter(count -> count > evaluations - 1).forEach(this::record);
      ended = true;
    }
  }

  private void record(double count) {
    sheet.put(gapName(name, count), Math.max(LEAST, Math.abs(best - optimum)));
  }
}
