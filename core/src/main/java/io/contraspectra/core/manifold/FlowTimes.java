package io.contraspectra.core.manifold;

import io.contraspectra.core.matrix.InvalidArgument;

/** The one rule that flows have for times. */
final class FlowTimes {

  private FlowTimes() {}

  /** Refuses a time that is no finite number, or lies in the past. */
  static void requireForward(double now, double time) {
    if (!Double.isFinite(time) || time < now) {
      throw new InvalidArgument("flow: cannot go from time " + now + " to " + time
          + "; give finite times, from 0 on and in ascending order");
    }
  }
}
