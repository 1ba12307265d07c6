package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Progress;
import java.io.PrintWriter;
import java.util.concurrent.CancellationException;

/**
 * The progress bar of a computation that reports its work as it goes, part after part; each part counts from its start.
 * It ends the computation on an interrupt.
 */
final class FlopsBar implements Progress, AutoCloseable {

  private static final long PARTS = 100;

  private final io.contraspectra.experiments.cli.Progress bar;
  private final String stage;
  private double before = Double.POSITIVE_INFINITY;
  private long shown;

  /** A bar that starts when the computation reports for the first time. */
  FlopsBar(PrintWriter err, String stage) {
    this.bar = new io.contraspectra.experiments.cli.Progress(err);
    this.stage = stage;
  }

  @Override
  public synchronized void advanced(double done, double total) {
    if (bar.isCancelled()) {
      throw new CancellationException();
    }
    if (done == 0 || done < before) {
      bar.begin(stage, PARTS);
      shown = 0;
    }
    before = done;
    long parts = total > 0 ? (long) (PARTS * done / total) : PARTS;
    if (parts > shown) {
      bar.advance(parts - shown);
      shown = parts;
    }
  }

  @Override
  public void close() {
    bar.close();
  }
}
