package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads one network from one open archive, see {@link NetworkFile}. */
final class NetworkReader {

  private final Path path;
  private final Npz npz;
  private final @Nullable Activation activation;
  private final LayerNames names;

  NetworkReader(Path path, Npz npz, @Nullable Activation activation) {
    this.path = path;
    this.npz = npz;
    this.activation = activation;
    this.names = LayerNames.NUMBERED.weights(npz.names()).isEmpty() ? LayerNames.STATE_DICT : LayerNames.NUMBERED;
  }

  Architecture architecture() {
    int[] widths = widths(weights());
    return architecture(widths, biases(widths));
  }

  private Architecture architecture(int[] widths, List<NpyArray> biases) {
    List<Double> scales = scales(widths);
    double beta = biases.isEmpty() ? 1 : beta();
    return new Architecture(
        IntStream.of(widths).boxed().toList(), activation(), scales, !biases.isEmpty(), beta);
  }

  Network read(Backend backend, DType dtype) {
    List<NpyArray> weights = weights();
    int[] widths = widths(weights);
    List<NpyArray> biases = biases(widths);
    Architecture architecture = architecture(widths, biases);
    Network network = Network.zeros(architecture, backend, dtype);
    try {
      for (int layer = 1; layer <= architecture.layers(); layer++) {
        weights.get(layer - 1).copyTo(network.parameters().weight(layer));
        if (architecture.biased()) {
          biases.get(layer - 1).copyTo(network.parameters().bias(layer));
        }
      }
      return network;
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  private List<NpyArray> weights() {
    SortedSet<Integer> numbers = names.weights(npz.names());
    if (numbers.isEmpty()) {
      throw wrong("holds no network, but the arrays " + npz.names()
          + "; save the weights as W1, W2, ... or a PyTorch state_dict with 0.weight, ...");
    }
    if (names == LayerNames.NUMBERED && (numbers.first() != 1 || numbers.last() != numbers.size())) {
      throw wrong("has weights of the layers " + numbers + "; they must be W1, W2, ... without a gap");
    }
    return numbers.stream().map(number -> npz.get(names.weight(number))).toList();
  }

  /** n_0, …, n_L. */
  private int[] widths(List<NpyArray> weights) {
    var widths = new ArrayList<Integer>();
    for (NpyArray weight : weights) {
      long[] shape = weight.shape();
      if (shape.length != 2 || weight.size() == 0 || Math.max(shape[0], shape[1]) > Integer.MAX_VALUE) {
        throw new InvalidData(weight + " is no weight of a dense layer; its shape must be (outputs, inputs)");
      }
      if (widths.isEmpty()) {
        widths.add((int) shape[1]);
      } else if (shape[1] != widths.getLast()) {
        throw new InvalidData(weight + ", but the layer before has " + widths.getLast() + " outputs; here a weight"
            + " needs shape (outputs, " + widths.getLast() + ")");
      }
      widths.add((int) shape[0]);
    }
    return widths.stream().mapToInt(Integer::intValue).toArray();
  }

  private List<NpyArray> biases(int[] widths) {
    SortedSet<Integer> biased = names.biases(npz.names());
    SortedSet<Integer> layers = names.weights(npz.names());
    if (!biased.isEmpty() && !biased.equals(layers)) {
      throw wrong("has weights of the layers " + layers + ", but biases of the layers " + biased
          + "; give every layer a bias or none");
    }
    List<NpyArray> biases = biased.stream().map(number -> npz.get(names.bias(number))).toList();
    for (int layer = 1; layer <= biases.size(); layer++) {
      requireVector(biases.get(layer - 1), widths[layer]);
    }
    return biases;
  }

  private List<Double> scales(int[] widths) {
    int layers = widths.length - 1;
    if (names == LayerNames.STATE_DICT) {
      return Collections.nCopies(layers, 1.0);
    }
    if (!npz.has("scales")) {
      return Architecture.ntkScales(widths);
    }
    NpyArray scales = npz.get("scales");
    requireVector(scales, layers);
    return DoubleStream.of(requireFinite(scales, scales.toDoubles())).boxed().toList();
  }

  private double beta() {
    if (names == LayerNames.STATE_DICT || !npz.has("beta")) {
      return 1;
    }
    NpyArray beta = npz.get("beta");
    return requireFinite(beta, beta.toDouble())[0];
  }

  private Activation activation() {
    if (activation != null) {
      return activation;
    }
    if (!npz.has("activation")) {
      throw wrong("does not say which activation it uses; add a text array 'activation', or choose one (--activation)");
    }
    NpyArray text = npz.get("activation");
    try {
      return Activation.named(text.toText());
    } catch (InvalidArgument e) {
      throw new InvalidData(text.name() + ": " + e.getMessage(), e);
    }
  }

  private static void requireVector(NpyArray array, long length) {
    if (array.shape().length != 1 || array.size() != length) {
      throw new InvalidData(array + ", but shape " + Shape.of(length) + " is needed to fit the weights");
    }
  }

  private static double[] requireFinite(NpyArray array, double... values) {
    if (!DoubleStream.of(values).allMatch(Double::isFinite)) {
      throw new InvalidData(array.name() + " holds a NaN or an infinity; give finite numbers");
    }
    return values;
  }

  private InvalidData wrong(String what) {
    return new InvalidData(path + " " + what);
  }
}
