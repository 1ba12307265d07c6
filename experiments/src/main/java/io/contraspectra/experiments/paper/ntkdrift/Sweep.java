package io.contraspectra.experiments.paper.ntkdrift;

import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.training.TrainedLayers;

/**
 * One line of a drift plot: everything but the width and the seed.
 *
 * @param source where the triplets come from
 * @param activation phi
 * @param hiddenLayers 1 for the two-layer network of the paper, 2 for three layers
 * @param loss what is descended
 * @param trained which layers move
 * @param measurement what is measured beside the drift
 */
public record Sweep(
    TripletSource source, Activation activation, int hiddenLayers, TripletLoss loss, TrainedLayers trained,
    Measurement measurement) {

  /** What a sweep's runs are followed for. */
  public enum Measurement {
    /** The drift at a few steps. */
    DRIFT,
    /** The drift at every step until it reaches one half, too. */
    HITTING_TIME,
    /** The distance from the linearised dynamics, too. */
    LINEARISATION
  }

  /** A name for tables and legends, e.g. {@code digits relu cos-linear}. */
  public String name() {
    return source.name() + " " + activation.label() + " " + loss.name()
        + (hiddenLayers > 1 ? ", " + (hiddenLayers + 1) + " layers" : "")
        + (trained == TrainedLayers.HIDDEN ? ", hidden only" : "");
  }
}
