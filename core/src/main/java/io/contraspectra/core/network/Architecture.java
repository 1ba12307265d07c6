package io.contraspectra.core.network;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The shape of a dense network, and where each parameter stands in the flat parameter vector: W1, b1, W2, b2, …, each
 * row-major.
 *
 * @param widths n_0, …, n_L: input dimension, hidden widths, output dimension; at least two, all at least 1
 * @param activation phi, applied after every layer but the last
 * @param scales s_1, …, s_L, finite
 * @param biased whether layers have biases
 * @param biasScale beta, the factor of every bias; finite, without meaning when not {@code biased}
 */
public record Architecture(
    List<Integer> widths, Activation activation, List<Double> scales, boolean biased, double biasScale) {

  public Architecture {
    widths = List.copyOf(widths);
    scales = List.copyOf(scales);
    if (widths.size() < 2 || widths.stream().anyMatch(n -> n < 1)) {
      throw new InvalidArgument("widths " + widths + ": at least an input and an output width are needed, each >= 1");
    }
    if (scales.size() != widths.size() - 1 || scales.stream().anyMatch(s -> !Double.isFinite(s))) {
      throw new InvalidArgument("scales " + scales + ": one finite scale for each of the " + (widths.size() - 1)
          + " layers is needed");
    }
    if (!Double.isFinite(biasScale)) {
      throw new InvalidArgument("bias scale " + biasScale + ": it must be finite");
    }
  }

  /** A network without biases in the NTK parameterisation: s_1 = 1 and s_l = 1/sqrt(n_(l-1)) after (ntk.md 1). */
  public static Architecture ntk(Activation activation, int... widths) {
    return new Architecture(IntStream.of(widths).boxed().toList(), activation, ntkScales(widths), false, 1);
  }

  /** The scales of the NTK parameterisation for these widths. */
  public static List<Double> ntkScales(int... widths) {
    return IntStream.range(0, Math.max(0, widths.length - 1))
        .mapToObj(l -> l == 0 ? 1.0 : 1 / Math.sqrt(widths[l]))
        .toList();
  }

  /** This architecture with biases of factor {@code beta}. */
  public Architecture withBiases(double beta) {
    return new Architecture(widths, activation, scales, true, beta);
  }

  /** This architecture with another factor of the first layer. */
  public Architecture withInputScale(double scale) {
    return new Architecture(
        widths, activation, Stream.concat(Stream.of(scale), scales.stream().skip(1)).toList(), biased, biasScale);
  }

  /** This architecture with another factor of the last layer. */
  public Architecture withReadoutScale(double scale) {
    return new Architecture(widths, activation,
        Stream.concat(scales.stream().limit(layers() - 1), Stream.of(scale)).toList(), biased, biasScale);
  }

  /** L, the number of layers, i.e. of weight matrices. */
  public int layers() {
    return scales.size();
  }

  /** n_0, the input dimension d. */
  public int inputs() {
    return widths.getFirst();
  }

  /** n_L, the output dimension K. */
  public int outputs() {
    return widths.getLast();
  }

  /** n_l for l = 0..L. */
  public int width(int layer) {
    return widths.get(layer);
  }

  /** s_l for l = 1..L. */
  public double scale(int layer) {
    return scales.get(layer - 1);
  }

  /** P, the number of parameters. */
  public long parameters() {
    return weightOffset(layers() + 1);
  }

  /** Position of the first entry of W^l in the flat parameter vector. */
  public long weightOffset(int layer) {
    long offset = 0;
    for (int l = 1; l < layer; l++) {
      offset += weights(l) + (biased ? width(l) : 0);
    }
    return offset;
  }

  /** Position of the first entry of b^l in the flat parameter vector. */
  public long biasOffset(int layer) {
    return weightOffset(layer) + weights(layer);
  }

  private long weights(int layer) {
    return (long) width(layer) * width(layer - 1);
  }
}
