package io.contraspectra.experiments.paper.ntkdrift;

import io.contraspectra.core.random.RandomStreams;
import java.util.random.RandomGenerator;

/**
 * The random streams of one cell, split from the seed by name. Data depend on the source and the repetition alone, the
 * initial network not on the loss: so losses and widths are compared on the same triplets and the same start.
 */
record CellStreams(long seed, Sweep sweep, int width, int repetition) {

  RandomGenerator data() {
    return stream("triplets");
  }

  RandomGenerator initialisation() {
    return stream("network/" + sweep.activation().label() + "/" + sweep.hiddenLayers() + "x" + width);
  }

  private RandomGenerator stream(String use) {
    return RandomStreams.of(seed).named("ntk-drift/" + sweep.source().name() + "/" + repetition + "/" + use);
  }
}
