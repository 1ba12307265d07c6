package io.contraspectra.core.optimize;

import io.contraspectra.core.matrix.InvalidArgument;

/**
 * How the step size changes over a run: the factor of the base step size at each step, counted from 0. A pure function
 * of the step, so that a run continued in the middle goes on with the same sizes.
 */
public sealed interface Schedule {

  /** The same step size throughout. */
  Schedule CONSTANT = new Constant();

  /** The factor of step {@code step}, from 0 to 1. */
  double factor(long step);

  /** The factor 1 throughout. */
  record Constant() implements Schedule {

    @Override
    public double factor(long step) {
      return 1;
    }
  }

  /**
   * Half a cosine from 1 at step 0 down to 0 at the end: {@code (1 + cos(pi t/T))/2}.
   *
   * @param steps T, at least 1
   */
  record Cosine(long steps) implements Schedule {

    public Cosine {
      positive("cosine schedule: its length", steps);
    }

    @Override
    public double factor(long step) {
      return step >= steps ? 0 : (1 + Math.cos(Math.PI * step / steps)) / 2;
    }
  }

  /**
   * Multiplied by a factor now and then.
   *
   * @param every steps between two changes, at least 1
   * @param factor above 0, at most 1
   */
  record Decay(long every, double factor) implements Schedule {

    public Decay {
      positive("step schedule: the steps between changes", every);
      if (!(factor > 0 && factor <= 1)) {
        throw new InvalidArgument("step schedule: factor " + factor + "; it must be above 0 and at most 1");
      }
    }

    @Override
    public double factor(long step) {
      return Math.pow(factor, (double) (step / every));
    }
  }

  /**
   * A schedule after a linear rise: {@code (t + 1)/(steps + 1)} of its first value at step t, and from there on as it
   * would have begun.
   *
   * @param steps length of the rise, at least 0
   * @param then what follows
   */
  record WarmUp(long steps, Schedule then) implements Schedule {

    public WarmUp {
      if (steps < 0) {
        throw new InvalidArgument("warm-up of " + steps + " steps; the number must not be negative");
      }
    }

    @Override
    public double factor(long step) {
      return step < steps ? then.factor(0) * (step + 1) / (steps + 1) : then.factor(step - steps);
    }
  }

  private static void positive(String what, long steps) {
    if (steps < 1) {
      throw new InvalidArgument(what + " is " + steps + "; it must be at least 1");
    }
  }
}
