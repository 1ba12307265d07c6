package io.contraspectra.core.training;

import io.contraspectra.core.network.Architecture;

/** Which layers a training run moves. */
public enum TrainedLayers {
  /** Every layer. */
  ALL,
  /** Every layer but the readout, which keeps its initial weights. */
  HIDDEN;

  /** How many parameters move: layers stand in order in the flat vector, so these are its first. */
  long parameters(Architecture architecture) {
    return this == ALL ? architecture.parameters() : architecture.weightOffset(architecture.layers());
  }
}
