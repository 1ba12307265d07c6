package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Progress;

/** Adds up what tiles have done and tells a listener, one call at a time. Thread-safe. */
final class Meter {

  private final Progress progress;
  private final double total;
  private double done;

  /** A meter of {@code total} units of work. */
  Meter(Progress progress, double total) {
    this.progress = progress;
    this.total = total;
    progress.advanced(0, total);
  }

  /** A piece of work is finished; whatever the listener throws comes through, so that no further tile starts. */
  synchronized void add(double units) {
    done += units;
    progress.advanced(Math.min(done, total), total);
  }
}
