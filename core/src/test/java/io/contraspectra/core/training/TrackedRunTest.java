package io.contraspectra.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Predicate;

class TrackedRunTest {

  private static TrackedRun.Outcome run(Backend backend, String loss, double stepSize, int steps, int every,
      Predicate<TrackedRun.Point> listener) {
    try (Network network = TestNetworks.gaussian(Architecture.ntk(Activation.RELU, 3, 16, 2), backend, DType.F64, 1);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 9, 3, 2);
        var descent = new GradientDescent(network, TripletLoss.named(loss, 1), x, stepSize, TrainedLayers.ALL)) {
      return new TrackedRun(network, descent, x.rowRange(0, 3), EnumSet.allOf(Metric.class), every)
          .run(steps, listener);
    }
  }

  @EveryBackend
  void tellsOfEveryFollowedStepAndTheLast(Backend backend) {
    List<TrackedRun.Point> points = new ArrayList<>();
    var outcome = run(backend, "cos-linear", 0.1, 7, 3, points::add);
    assertEquals(new TrackedRun.Outcome(7, false), outcome);
    assertEquals(List.of(0, 3, 6, 7), points.stream().map(TrackedRun.Point::step).toList());
    assertEquals(0, points.getFirst().values().get(Metric.NTK_DRIFT));
    assertTrue(points.getLast().values().get(Metric.NTK_DRIFT) > 0);
    assertTrue(points.getLast().values().get(Metric.LOSS) < points.getFirst().values().get(Metric.LOSS));
  }

  @EveryBackend
  void endsWhenTheListenerSaysSo(Backend backend) {
    assertEquals(new TrackedRun.Outcome(2, false),
        run(backend, "cos-linear", 0.1, 100, 1, point -> point.step() < 2));
  }

  @EveryBackend
  void endsWhenTheRunDiverges(Backend backend) {
    List<TrackedRun.Point> points = new ArrayList<>();
    var outcome = run(backend, "dot-linear", 50, 1000, 10, points::add);
    assertTrue(outcome.diverged() && outcome.steps() < 1000, outcome.toString());
    assertEquals(Double.POSITIVE_INFINITY, points.getLast().values().get(Metric.NTK_DRIFT));
  }

  @EveryBackend
  void refusesNonsense(Backend backend) {
    assertThrows(InvalidArgument.class, () -> run(backend, "cos-linear", 1, -1, 1, _ -> true));
    assertThrows(InvalidArgument.class, () -> run(backend, "cos-linear", 1, 1, 0, _ -> true));
    assertTrue(assertThrows(InvalidArgument.class, () -> Metric.named("ntkdrift")).getMessage().contains("ntk-drift"));
  }
}
