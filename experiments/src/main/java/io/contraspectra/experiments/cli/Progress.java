package io.contraspectra.experiments.cli;

import io.contraspectra.experiments.paper.ProgressListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Progress on standard error: on a terminal, from two seconds on, a bar with rate and remaining time; nothing in a
 * pipe. Thread-safe. Asks the experiment to stop once the command is interrupted.
 */
final class Progress implements ProgressListener, AutoCloseable {

  private static final long SILENT_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
  private static final int BAR = 30;

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private String stage = "";
  private long cells;
  private long done;
  private long start;
  private long drawn;
  private int drawnLength;
  private Agenda agenda = new Agenda(List.of());

  Progress(PrintWriter err) {
    // The JVM can only tell for standard input and output together; a redirected standard error alone is not noticed.
    this(err, System.console() != null && System.console().isTerminal(), System::nanoTime);
  }

  Progress(PrintWriter err, boolean terminal, LongSupplier nanoTime) {
    this.err = err;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /** What is drawn from now on is part of this; its remaining time is drawn too if it has several parts. */
  synchronized void follow(Agenda whole) {
    agenda = whole;
  }

  @Override
  public synchronized void begin(String stage, long cells) {
    clear();
    this.stage = stage;
    this.cells = cells;
    this.done = 0;
    this.start = nanoTime.getAsLong();
    this.drawn = start;
  }

  @Override
  public synchronized void advance(long finished) {
    done += finished;
    long now = nanoTime.getAsLong();
    if (terminal && now - start >= SILENT_NANOS && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      draw((now - start) * 1e-9);
    }
  }

  @Override
  public boolean isCancelled() {
    return Interruption.requested();
  }

  /** A line of its own, above the bar. */
  synchronized void say(String line) {
    clear();
    err.println(line);
  }

  private void draw(double elapsed) {
    double rate = done / elapsed;
    int filled = (int) (BAR * done / Math.max(1, cells));
    double left = (cells - done) / rate;
    String text = stage + " [" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] "
        + String.format(Locale.ROOT, "%d/%d, %.1f/s, %s left ", done, cells, rate, remaining(left))
        + (agenda.isLong() ? "(" + agenda.position() + ", " + remaining(left + agenda.later()) + " in all) " : "");
    err.print("\r" + text + " ".repeat(Math.max(0, drawnLength - text.length())));
    err.flush();
    drawnLength = text.length();
  }

  private static String remaining(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
  }

  private void clear() {
    if (drawnLength > 0) {
      err.print("\r" + " ".repeat(drawnLength) + "\r");
      err.flush();
      drawnLength = 0;
    }
  }

  /** Wipes the bar. */
  @Override
  public synchronized void close() {
    clear();
  }
}
