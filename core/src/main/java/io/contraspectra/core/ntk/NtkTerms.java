package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Architecture;
import java.util.stream.IntStream;

/**
 * Which parameters a kernel takes its gradients over. The weights and the bias of a layer share one backward Gram: they
 * contribute {@code (weightFactor · A Aᵀ + biasFactor) ∘ B Bᵀ}.
 *
 * @param weightFactor s_l² where W^l takes part, else 0, for l = 1..L
 * @param biasFactor beta² where b^l takes part, else 0, for l = 1..L
 */
record NtkTerms(double[] weightFactor, double[] biasFactor) {

  static NtkTerms all(Architecture architecture) {
    return new NtkTerms(
        layers(architecture).mapToDouble(l -> square(architecture.scale(l))).toArray(),
        layers(architecture).mapToDouble(l -> architecture.biased() ? square(architecture.biasScale()) : 0).toArray());
  }

  static NtkTerms weight(Architecture architecture, int layer) {
    checkLayer(architecture, layer);
    return new NtkTerms(
        layers(architecture).mapToDouble(l -> l == layer ? square(architecture.scale(l)) : 0).toArray(),
        new double[architecture.layers()]);
  }

  static NtkTerms bias(Architecture architecture, int layer) {
    checkLayer(architecture, layer);
    if (!architecture.biased()) {
      throw new ShapeMismatch("ntk: the network " + architecture.widths() + " has no biases, so no bias part");
    }
    return new NtkTerms(
        new double[architecture.layers()],
        layers(architecture).mapToDouble(l -> l == layer ? square(architecture.biasScale()) : 0).toArray());
  }

  double weight(int layer) {
    return weightFactor[layer - 1];
  }

  double bias(int layer) {
    return biasFactor[layer - 1];
  }

  /** The lowest layer that takes part; one above the highest if none does. */
  int lowestLayer() {
    int layer = 1;
    while (layer <= weightFactor.length && !touches(layer)) {
      layer++;
    }
    return layer;
  }

  boolean touches(int layer) {
    return weight(layer) != 0 || bias(layer) != 0;
  }

  private static void checkLayer(Architecture architecture, int layer) {
    if (layer < 1 || layer > architecture.layers()) {
      throw new InvalidArgument("ntk: layer " + layer + " of a network with layers 1 to " + architecture.layers());
    }
  }

  private static IntStream layers(Architecture architecture) {
    return IntStream.rangeClosed(1, architecture.layers());
  }

  private static double square(double x) {
    return x * x;
  }
}
