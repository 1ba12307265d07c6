package io.contraspectra.core.training;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.NtkDrift;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A gradient descent followed step by step. The listener gets the metrics of the parameters <em>before</em> each
 * followed step, and those after the last one; it may end the run.
 */
public final class TrackedRun {

  private final Network network;
  private final GradientDescent descent;
  private final Matrix anchors;
  private final Set<Metric> metrics;
  private final int every;

  /**
   * Metrics at one point of a run.
   *
   * @param step steps taken so far
   * @param values one value for each metric followed, in the metrics' order
   */
  public record Point(int step, Map<Metric, Double> values) {}

  /**
   * How a run ended.
   *
   * @param steps steps taken
   * @param diverged whether the outputs left the range in which they can be used
   */
  public record Outcome(int steps, boolean diverged) {}

  /**
   * Prepares a run.
   *
   * @param network the network that {@code descent} trains
   * @param anchors N x d, the inputs of the NTK drift
   * @param metrics what to follow
   * @param every follow every so many steps, at least 1
   */
  public TrackedRun(Network network, GradientDescent descent, Matrix anchors, Set<Metric> metrics, int every) {
    if (every < 1) {
      throw new InvalidArgument("metrics are followed every " + every + " steps; it must be at least 1");
    }
    this.network = network;
    this.descent = descent;
    this.anchors = anchors;
    this.metrics = Set.copyOf(metrics);
    this.every = every;
  }

  /**
   * Takes up to {@code steps} steps.
   *
   * @param goOn told of every point followed; returns whether the run should go on
   */
  public Outcome run(int steps, Predicate<Point> goOn) {
    if (steps < 0) {
      throw new InvalidArgument(steps + " steps; the number must not be negative");
    }
    try (NtkDrift drift = metrics.contains(Metric.NTK_DRIFT) ? new NtkDrift(network, anchors) : null) {
      for (int step = 0; ; step++) {
        double loss = descent.evaluate();
        boolean diverged = descent.hasDiverged();
        boolean last = diverged || step == steps;
        if (last || step % every == 0) {
          var values = new EnumMap<Metric, Double>(Metric.class);
          for (Metric metric : metrics) {
            values.put(metric, diverged ? Double.POSITIVE_INFINITY : switch (metric) {
              case LOSS -> loss;
              case GRAD_NORM -> network.backend().norm(descent.gradient().flat());
              case NTK_DRIFT -> Objects.requireNonNull(drift).relative();
            });
          }
          last |= !goOn.test(new Point(step, values));
        }
        if (last) {
          return new Outcome(step, diverged);
        }
        descent.update();
      }
    }
  }
}
