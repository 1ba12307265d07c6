package io.contraspectra.core.training;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run from start to end: steps, records, checkpoints. The listener gets the metrics of the parameters <em>before</em>
 * each recorded step, and those after the last one.
 */
public final class TrainingRun {

  private final Trainer trainer;
  private final Recorder recorder;
  private final int every;
  private final List<Point> points = new ArrayList<>();
  private @Nullable Checkpoint checkpoint;
  private int checkpointEvery = 1;
  private double seconds;
  private long counted;

  /**
   * Metrics at one point of a run.
   *
   * @param step steps taken so far
   * @param values one value for each metric recorded, in the metrics' order
   * @param samplesPerSecond samples that the steps since the last point trained on a second, records not counted; NaN
   *     at the first point
   */
  public record Point(long step, Map<Metric, Double> values, double samplesPerSecond) {}

  /**
   * How a run ended.
   *
   * @param steps steps taken
   * @param diverged whether the outputs or the loss left the range in which they can be used
   */
  public record Outcome(long steps, boolean diverged) {}

  /** Told of a run while it goes on. */
  public interface Listener {

    /** Before every step and after the last one; returns whether the run should go on. */
    boolean step(long step);

    /** At every point that is recorded. */
    default void point(Point point) {}
  }

  /**
   * Prepares a run.
   *
   * @param every record every so many steps, at least 1
   */
  public TrainingRun(Trainer trainer, Recorder recorder, int every) {
    if (every < 1) {
      throw new InvalidArgument("metrics are followed every " + every + " steps; it must be at least 1");
    }
    this.trainer = trainer;
    this.recorder = recorder;
    this.every = every;
  }

  /**
   * Keeps checkpoints.
   *
   * @param every write one every so many steps, at least 1; one more is written at the end
   */
  public void keep(Checkpoint checkpoint, int every) {
    if (every < 1) {
      throw new InvalidArgument("checkpoints every " + every + " steps; it must be at least 1");
    }
    this.checkpoint = checkpoint;
    this.checkpointEvery = every;
  }

  /** Goes on from the checkpoint that {@link #keep} was given. */
  public void resume() {
    if (checkpoint == null) {
      throw new InvalidArgument("resume: there is no checkpoint to go on from; call keep first");
    }
    points.clear();
    points.addAll(checkpoint.restore(trainer, recorder.metrics()));
  }

  /** Every point recorded so far, those before a resumed checkpoint included. */
  public List<Point> points() {
    return List.copyOf(points);
  }

  /**
   * Steps until {@code steps} steps have been taken in all, the listener ends the run, or it diverges. Then the last
   * point is recorded and, unless it diverged, a checkpoint written.
   */
  public Outcome run(long steps, Listener listener) {
    if (steps < trainer.step()) {
      throw new InvalidArgument(steps + " steps; the run has taken " + trainer.step()
          + " already, and their number must not be negative");
    }
    while (true) {
      long step = trainer.step();
      long start = System.nanoTime();
      trainer.evaluate();
      seconds += (System.nanoTime() - start) * 1e-9;
      boolean diverged = trainer.hasDiverged();
      boolean last = !listener.step(step) || diverged || step == steps;
      if (last || step % every == 0) {
        record(step, listener);
      }
      if (checkpoint != null && !diverged && (last || step > 0 && step % checkpointEvery == 0)) {
        checkpoint.write(trainer, recorder.metrics(), points.stream().filter(this::isRegular).toList());
      }
      if (last) {
        return new Outcome(step, diverged);
      }
      start = System.nanoTime();
      trainer.update();
      seconds += (System.nanoTime() - start) * 1e-9;
      counted++;
    }
  }

  // A run that is cut short records its last point out of turn; one that goes on must not show it.
  private boolean isRegular(Point point) {
    return point.step() % every == 0 && point.step() < trainer.step();
  }

  private void record(long step, Listener listener) {
    double rate = counted == 0 ? Double.NaN : counted * trainer.samples() / seconds;
    var point = new Point(step, recorder.measure(), rate);
    seconds = 0;
    counted = 0;
    points.add(point);
    listener.point(point);
  }
}
