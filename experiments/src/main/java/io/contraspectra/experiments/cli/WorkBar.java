package io.contraspectra.experiments.cli;

import java.io.PrintWriter;
import java.util.concurrent.CancellationException;

/**
 * Shows how far an eigensolver has come, with what is done of the product that it waits for, and ends it on an
 * interrupt. Thread-safe.
 */
final class WorkBar implements AutoCloseable {

  private static final long PARTS = 1000;
  /** Of the work of a pass, what a Nyström start takes; no more than a guess. */
  private static final double START_SHARE = 0.05;

  private final Progress bar;
  private double total;
  private double done;
  private double step;
  private double fraction;
  private long shown;

  /**
   * A bar.
   *
   * @param stage what is being done
   * @param total units that the solver will report in all, as far as known
   * @param start whether the first product makes the start vectors
   */
  WorkBar(PrintWriter err, String stage, double total, boolean start) {
    this.bar = new Progress(err);
    this.total = total;
    this.step = start ? START_SHARE : 1;
    bar.begin(stage, PARTS);
  }

  /** The solver has finished an application. */
  synchronized void solver(double now, double all) {
    step = Math.max(1, now - done);
    done = now;
    total = all;
    fraction = 0;
    show();
  }

  /** The application under way has come so far. */
  synchronized void product(double now, double all) {
    fraction = all > 0 ? now / all : 0;
    show();
  }

  private void show() {
    if (bar.isCancelled()) {
      throw new CancellationException();
    }
    long part = (long) (PARTS * Math.min(1, (done + fraction * step) / Math.max(1, total)));
    // The end moves while the solver learns how fast it converges; the bar does not go back.
    if (part > shown) {
      bar.advance(part - shown);
      shown = part;
    }
  }

  @Override
  public synchronized void close() {
    bar.close();
  }
}
