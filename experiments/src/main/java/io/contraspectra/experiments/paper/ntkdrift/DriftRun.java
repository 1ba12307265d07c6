package io.contraspectra.experiments.paper.ntkdrift;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.ntk.NtkDrift;
import io.contraspectra.core.training.GradientDescent;
import io.contraspectra.core.training.LinearisedDescent;
import io.contraspectra.experiments.paper.ntkdrift.Sweep.Measurement;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** One cell of the grid: trains one network and follows its kernel. */
final class DriftRun {

  private static final Set<Integer> FOLLOWED = Set.of(1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 70);

  private final Sweep sweep;
  private final int width;
  private final DriftSettings settings;
  private final BooleanSupplier cancelled;
  private final NavigableMap<Integer, Double> drift = new TreeMap<>();
  private OptionalInt hit = OptionalInt.empty();
  private double linearisationError = Double.NaN;
  private long zeroRows;

  private DriftRun(Sweep sweep, int width, DriftSettings settings, BooleanSupplier cancelled) {
    this.sweep = sweep;
    this.width = width;
    this.settings = settings;
    this.cancelled = cancelled;
  }

  /**
   * Runs the cell of a sweep for one width and one repetition.
   *
   * @return empty if the run was cancelled before its end
   */
  static Optional<DriftTrace> of(Sweep sweep, int width, int repetition, DriftSettings settings, Backend backend,
      BooleanSupplier cancelled) {
    var run = new DriftRun(sweep, width, settings, cancelled);
    var streams = new CellStreams(settings.seed(), sweep, width, repetition);
    try (Matrix inputs = sweep.source().draw(streams.data()).stacked(backend, settings.dtype());
        Network network = Network.gaussian(
            run.architecture((int) inputs.cols()), backend, settings.dtype(), streams.initialisation())) {
      run.train(network, inputs);
    }
    return cancelled.getAsBoolean()
        ? Optional.empty()
        : Optional.of(new DriftTrace(run.drift, run.hit, run.linearisationError, run.zeroRows));
  }

  private Architecture architecture(int inputs) {
    var widths = new int[sweep.hiddenLayers() + 2];
    Arrays.fill(widths, width);
    widths[0] = inputs;
    widths[widths.length - 1] = sweep.source().outputs();
    return Architecture.ntk(sweep.activation(), widths).withReadoutScale(settings.readoutScale().of(width));
  }

  private void train(Network network, Matrix inputs) {
    Matrix anchors = inputs.rowRange(0, inputs.rows() / 3);
    drift.put(0, 0.0);
    try (var kernel = new NtkDrift(network, anchors);
        var descent = new GradientDescent(network, sweep.loss(), inputs, settings.stepSize(), sweep.trained())) {
      if (sweep.measurement() == Measurement.LINEARISATION) {
        compareWithLinearisation(network, inputs);
      }
      Set<Integer> followed = followedSteps();
      for (int step = 1; step <= settings.steps() && !cancelled.getAsBoolean(); step++) {
        descent.step();
        zeroRows += descent.zeroRows();
        if (descent.hasDiverged()) {
          diverge(step, followed);
          return;
        }
        if (followed.contains(step) || hunting()) {
          record(step, kernel.relative());
        }
      }
    }
  }

  /** On a copy of the network, since it takes only the first few of the steps. */
  private void compareWithLinearisation(Network start, Matrix inputs) {
    Backend backend = start.backend();
    try (Network network = start.copy();
        Matrix kernel = EmpiricalNtk.of(start).full(inputs);
        Matrix origin = start.apply(inputs);
        var linear = new LinearisedDescent(backend, kernel, origin, sweep.loss(), settings.stepSize());
        var descent = new GradientDescent(network, sweep.loss(), inputs, settings.stepSize(), sweep.trained())) {
      for (int step = 0; step < DriftSettings.LINEARISATION_STEPS; step++) {
        descent.step();
        linear.step();
      }
      descent.evaluate();
      linearisationError =
          backend.distance(descent.outputs(), linear.outputs()) / backend.distance(descent.outputs(), origin);
    }
  }

  private boolean hunting() {
    return sweep.measurement() == Measurement.HITTING_TIME && hit.isEmpty();
  }

  private void record(int step, double value) {
    drift.put(step, value);
    if (hunting() && value >= DriftSettings.HIT) {
      hit = OptionalInt.of(step);
    }
  }

  /** A run that has left the range of doubles has drift infinity at every later step. */
  private void diverge(int step, Set<Integer> followed) {
    record(step, Double.POSITIVE_INFINITY);
    followed.stream().filter(later -> later > step).forEach(later -> drift.put(later, Double.POSITIVE_INFINITY));
  }

  private Set<Integer> followedSteps() {
    var steps = new TreeSet<>(FOLLOWED);
    steps.removeIf(step -> step > settings.steps());
    steps.add(settings.steps());
    steps.add(settings.logarithmicSteps(width));
    return steps;
  }
}
