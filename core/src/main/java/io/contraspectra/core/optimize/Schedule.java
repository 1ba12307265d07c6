package io.contraspectra.core.optimize;

import io.contraspectra.core.matrix.InvalidArgument;

/**
 * How the step size changes over a run: the factor of the base step size at each step, counted from 0. A pure function
 * of the step, so that a run continued in the middle goes on with the same sizes.
 */
@FunctionalInterface
public interface Schedule {

  /** The same step size throughout. */
  Schedule CONSTANT = _ -> 1;

  /** The factor of step {@code step}, from 0 to 1. */
  double factor(long step);

  /** Half a cosine from 1 at step 0 down to 0 at the end: {@code (1 + cos(pi t/T))/2}. */
  static Schedule cosine(long steps) {
    positive("cosine schedule: its length", steps);
    return step -> step >= steps ? 0 : (1 + Math.cos(Math.PI * step / steps)) / 2;
  }

  /**
   * Multiplied by a factor now and then.
   *
   * @param every steps between two changes, at least 1
   * @param factor above 0, at most 1
   */
  static Schedule step(long every, double factor) {
    positive("step schedule: the steps between changes", every);
    if (!(factor > 0 && factor <= 1)) {
      throw new InvalidArgument("step schedule: factor " + factor + "; it must be above 0 and at most 1");
    }
    return step -> Math.pow(factor, (double) (step / every));
  }

  /**
   * This schedule after a linear rise: {@code (t + 1)/(steps + 1)} of its first value at step t, and from there on as
   * it would have begun.
   *
   * @param steps length of the rise, at least 0
   */
  default Schedule afterWarmUp(long steps) {
    if (steps < 0) {
      throw new InvalidArgument("warm-up of " + steps + " steps; the number must not be negative");
    }
    return step -> step < steps ? factor(0) * (step + 1) / (steps + 1) : factor(step - steps);
  }

  private static void positive(String what, long steps) {
    if (steps < 1) {
      throw new InvalidArgument(what + " is " + steps + "; it must be at least 1");
    }
  }
}
