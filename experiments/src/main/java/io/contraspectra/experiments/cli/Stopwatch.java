package io.contraspectra.experiments.cli;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;

/** Times a computation. */
final class Stopwatch {

  private Stopwatch() {}

  /**
   * Runs the computation.
   *
   * @param repeat 0 for one run; otherwise one warm-up and that many timed runs
   * @return seconds of the fastest timed run
   */
  static double seconds(Runnable computation, int repeat) {
    if (repeat < 0) {
      throw new InvalidArgument("--repeat " + repeat + ": it must not be negative");
    }
    if (repeat > 0) {
      computation.run();
    }
    long best = Long.MAX_VALUE;
    for (int run = 0; run < Math.max(1, repeat); run++) {
      long start = System.nanoTime();
      computation.run();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best * 1e-9;
  }

  /** Returns when a matrix has been computed: a device that is given work lets its caller go on. */
  static void settle(Matrix matrix) {
    if (matrix.size() > 0) {
      matrix.get(0, 0);
    }
  }
}
