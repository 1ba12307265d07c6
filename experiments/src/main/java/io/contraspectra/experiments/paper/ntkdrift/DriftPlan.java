package io.contraspectra.experiments.paper.ntkdrift;

import static io.contraspectra.core.network.Activation.ERF;
import static io.contraspectra.core.network.Activation.GELU;
import static io.contraspectra.core.network.Activation.RELU;
import static io.contraspectra.core.network.Activation.TANH;

import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.training.TrainedLayers;
import io.contraspectra.experiments.paper.ntkdrift.DriftSettings.Breadth;
import io.contraspectra.experiments.paper.ntkdrift.Sweep.Measurement;
import java.util.ArrayList;
import java.util.List;

/** The sweeps that settings ask for. */
final class DriftPlan {

  private final DriftSettings settings;
  private final List<Sweep> sweeps = new ArrayList<>();

  private DriftPlan(DriftSettings settings) {
    this.settings = settings;
  }

  static List<Sweep> of(DriftSettings settings) {
    var plan = new DriftPlan(settings);
    settings.sources().forEach(plan::coreContrast);
    if (settings.breadth() == Breadth.FULL) {
      settings.sources().forEach(plan::otherCosineLosses);
      plan.variations(settings.sources().getFirst());
      if (!settings.deepWidths().isEmpty()) {
        settings.sources().forEach(plan::threeLayers);
      }
    }
    return List.copyOf(plan.sweeps);
  }

  /** The heart of the paper: the same network under a cosine and a dot-product loss. */
  private void coreContrast(TripletSource source) {
    for (Activation activation : List.of(RELU, ERF)) {
      add(source, activation, "cos-linear",
          settings.breadth() == Breadth.FULL ? Measurement.LINEARISATION : Measurement.DRIFT);
      add(source, activation, "dot-linear", Measurement.HITTING_TIME);
    }
  }

  private void otherCosineLosses(TripletSource source) {
    for (String loss : List.of("cos-logistic", "cos-infonce", "cos-ntxent")) {
      add(source, RELU, loss, Measurement.DRIFT);
    }
    add(source, ERF, "cos-infonce", Measurement.DRIFT);
  }

  /** One sweep each of further activations, of saturating dot-product losses, and of hidden-layer-only training. */
  private void variations(TripletSource source) {
    for (Activation activation : List.of(TANH, GELU)) {
      add(source, activation, "cos-linear", Measurement.DRIFT);
      add(source, activation, "dot-linear", Measurement.HITTING_TIME);
    }
    for (String loss : List.of("dot-logistic", "dot-exp", "dot-infonce", "dot-ntxent")) {
      add(source, RELU, loss, Measurement.DRIFT);
    }
    for (Activation activation : List.of(RELU, ERF)) {
      sweeps.add(new Sweep(source, activation, 1, loss("cos-linear"), TrainedLayers.HIDDEN, Measurement.DRIFT));
    }
  }

  private void threeLayers(TripletSource source) {
    for (Activation activation : List.of(RELU, ERF)) {
      for (String loss : List.of("cos-linear", "cos-infonce")) {
        sweeps.add(new Sweep(source, activation, 2, loss(loss), TrainedLayers.ALL, Measurement.DRIFT));
      }
      sweeps.add(new Sweep(source, activation, 2, loss("dot-linear"), TrainedLayers.ALL, Measurement.HITTING_TIME));
    }
  }

  private void add(TripletSource source, Activation activation, String loss, Measurement measurement) {
    sweeps.add(new Sweep(source, activation, 1, loss(loss), TrainedLayers.ALL, measurement));
  }

  private TripletLoss loss(String name) {
    return TripletLoss.named(name, settings.temperature());
  }
}
