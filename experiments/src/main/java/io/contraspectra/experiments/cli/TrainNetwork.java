package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.NetworkFile;
import io.contraspectra.core.manifold.Retraction;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.training.Towers;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The network that a run starts from, or both of two towers. */
final class TrainNetwork {

  // An orthonormal readout keeps its bits.
  private static final double ORTHONORMAL = 1e-10;

  /** How a new network is scaled. */
  enum Init { NTK, STANDARD }

  @Option(names = "--model", paramLabel = "NET.npz", description = "Start from this network.")
  private @Nullable Path model;

  @Option(names = "--widths", split = ",", paramLabel = "d,M,K",
      description = "Start from a new network of these widths, with --activation.")
  private int @Nullable [] widths;

  @Option(names = "--model2", paramLabel = "NET.npz", description = "The second tower of two, for --data2.")
  private @Nullable Path secondModel;

  @Option(names = "--widths2", split = ",", paramLabel = "d,M,K", description = "A new second tower, for --data2.")
  private int @Nullable [] secondWidths;

  @Option(names = "--activation", paramLabel = "NAME", converter = ActivationConverter.class,
      description = "relu, erf, tanh, softplus, gelu or identity; overrides the file's.")
  private @Nullable Activation activation;

  @Option(names = "--init", paramLabel = "HOW", defaultValue = "ntk",
      description = "New networks: ntk, weights N(0,1) with scales 1, 1/sqrt(M); standard, scales 1 and weights"
          + " N(0, 1/inputs) (default ntk).")
  private Init init = Init.NTK;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "0",
      description = "Seed of new networks, batches and views (default 0).")
  private long seed;

  RandomStreams streams() {
    return RandomStreams.of(seed);
  }

  /** What the first tower will be, for estimates; empty where the options or the file do not say. */
  Optional<Architecture> architecture() {
    try {
      return model != null ? Optional.of(NetworkFile.architecture(model, activation))
          : widths == null ? Optional.empty() : Optional.of(Architecture.ntk(Activation.RELU, widths));
    } catch (ContraSpectraException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** The towers, to be closed by the caller, with an orthonormal readout where one is wanted. */
  Towers towers(Backend backend, BackendOptions options, TrainData data, @Nullable Retraction readout) {
    try (Network first = network(backend, options, model, widths, "train/network")) {
      requireInputs(data, 0, first);
      orthonormalise(first, readout);
      if (secondModel == null && secondWidths == null) {
        return Towers.alone(first);
      }
      try (Network second = network(backend, options, secondModel, secondWidths, "train/network2")) {
        requireInputs(data, 1, second);
        orthonormalise(second, readout);
        return Towers.separate(first, second);
      }
    }
  }

  private static void requireInputs(TrainData data, int tower, Network network) {
    data.requireColumns(tower, network.architecture().inputs(), network.architecture().widths());
  }

  private Network network(
      Backend backend, BackendOptions options, @Nullable Path file, int @Nullable [] sizes, String stream) {
    if (file != null && sizes == null) {
      return Inputs.network(file, backend, options.dtype(), activation);
    }
    if (file != null || sizes == null || activation == null) {
      throw new InvalidArgument("give either --model NET.npz, or --widths d,M,K with --activation NAME");
    }
    Architecture architecture = init == Init.NTK ? Architecture.ntk(activation, sizes)
        : new Architecture(IntStream.of(sizes).boxed().toList(), activation,
            Collections.nCopies(Math.max(0, sizes.length - 1), 1.0), false, 1);
    options.requireMemory("a network of widths " + architecture.widths(),
        Matrix.bytes(options.dtype(), 1, architecture.parameters()));
    Network network = Network.gaussian(architecture, backend, options.dtype(), streams().named(stream));
    for (int layer = 1; init == Init.STANDARD && layer <= architecture.layers(); layer++) {
      backend.scale(1 / Math.sqrt(architecture.width(layer - 1)), network.parameters().weight(layer));
    }
    return network;
  }

  private static void orthonormalise(Network network, @Nullable Retraction readout) {
    if (readout == null) {
      return;
    }
    Backend backend = network.backend();
    Matrix weight = network.parameters().weight(network.architecture().layers());
    if (weight.rows() > weight.cols()) {
      throw new InvalidArgument("--orthogonal-output: " + weight.rows() + " outputs cannot be orthonormal over "
          + weight.cols() + " units; use a wider network or fewer outputs");
    }
    try (Matrix frame = backend.zeros(weight.dtype(), weight.cols(), weight.rows())) {
      backend.transpose(weight, frame);
      if (Stiefel.defect(backend, frame) > ORTHONORMAL) {
        Stiefel.orthonormalise(backend, frame);
        backend.transpose(frame, weight);
      }
    }
  }

  /** What makes a run what it is. */
  void describe(Map<String, String> run, Towers towers) {
    run.put("seed", Long.toString(seed));
    List<Network> networks = towers.networks();
    for (int i = 0; i < networks.size(); i++) {
      run.put("network " + (i + 1), networks.get(i).architecture() + " " + networks.get(i).dtype());
      run.put("its first parameters", Double.toHexString(networks.get(i).backend()
          .norm(networks.get(i).parameters().flat())));
    }
  }
}
