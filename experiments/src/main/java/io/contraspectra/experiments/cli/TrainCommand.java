package io.contraspectra.experiments.cli;

import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.AtomicFile;
import io.contraspectra.core.data.NetworkFile;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.LossStyle;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Propagation;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.training.GradientDescent;
import io.contraspectra.core.training.Metric;
import io.contraspectra.core.training.TrackedRun;
import io.contraspectra.core.training.TrainedLayers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train}: full-batch gradient descent of a contrastive loss on given triplets. */
@Command(name = "train", description = "Train a network by full-batch gradient descent on given triplets.")
final class TrainCommand extends AbstractCommand {

  @Option(names = "--triplets", required = true, split = ",", paramLabel = "X,XP,XQ",
      description = "Anchors, positives and negatives, N x d each.")
  private List<Path> triplets;

  @Option(names = "--loss", required = true, paramLabel = "NAME", description = "A name that 'losses' lists.")
  private String lossName;

  @Option(names = "--model", paramLabel = "NET.npz", description = "Start from this network.")
  private @Nullable Path model;

  @Option(names = "--widths", split = ",", paramLabel = "d,M,K",
      description = "Start from a new network of these widths, with --activation.")
  private int @Nullable [] widths;

  @Option(names = "--activation", paramLabel = "NAME", converter = ActivationConverter.class,
      description = "relu, erf, tanh, softplus, gelu or identity; overrides the file's.")
  private @Nullable Activation activation;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Seed of a new network (default 0).")
  private long seed;

  @Option(names = "--lr", paramLabel = "ETA", defaultValue = "0.5",
      description = "Step size (default ${DEFAULT-VALUE}).")
  private double stepSize;

  @Option(names = "--steps", paramLabel = "T", defaultValue = "100", description = "Steps (default ${DEFAULT-VALUE}).")
  private int steps;

  @Option(names = "--hidden-only", description = "Keep the readout's weights as they are.")
  private boolean hiddenOnly;

  @Option(names = "--track", split = ",", paramLabel = "NAMES", defaultValue = "loss",
      description = "What to record: loss, grad-norm, ntk-drift (default ${DEFAULT-VALUE}).")
  private List<String> tracked;

  @Option(names = "--every", paramLabel = "K", defaultValue = "1", description = "Record every K steps (default 1).")
  private int every;

  @Mixin
  private LossParameters parameters;

  @Mixin
  private BackendOptions backendOptions;

  @Mixin
  private OutputOptions output;

  @Override
  int execute() {
    Loss loss = parameters.loss(lossName);
    if (loss.style() != LossStyle.TRIPLETS) {
      throw new InvalidArgument("--triplets needs a loss on triplets such as cos-infonce, " + lossName + " is one on "
          + loss.style().label());
    }
    Set<Metric> metrics = EnumSet.noneOf(Metric.class);
    tracked.forEach(name -> metrics.add(Metric.named(name)));
    Optional<Path> file = output.file();
    Optional<Path> metricsFile = file.map(MetricsFile::beside);
    metricsFile.ifPresent(path -> AtomicFile.checkWritable(path, output.ifExists()));
    try (Backend backend = backendOptions.open();
        Matrix inputs = stacked(backend);
        Network network = network(backend, loss, inputs);
        var descent = new GradientDescent(network, loss, inputs, stepSize,
            hiddenOnly ? TrainedLayers.HIDDEN : TrainedLayers.ALL);
        var progress = new Progress(err())) {
      Interruption.arm();
      progress.begin("training", steps);
      var points = new ArrayList<TrackedRun.Point>();
      var run = new TrackedRun(network, descent, inputs.rowRange(0, inputs.rows() / 3), metrics, every);
      TrackedRun.Outcome outcome = run.run(steps, point -> {
        progress.advance(points.isEmpty() ? point.step() : point.step() - points.getLast().step());
        points.add(point);
        return !progress.isCancelled();
      });
      file.ifPresent(path -> NetworkFile.write(path, output.ifExists(), network));
      metricsFile.ifPresent(path -> MetricsFile.write(path, output.ifExists(), metrics, points));
      return report(outcome, points.getLast());
    }
  }

  private int report(TrackedRun.Outcome outcome, TrackedRun.Point last) {
    var object = new JsonObject();
    object.addProperty("steps", outcome.steps());
    object.addProperty("diverged", outcome.diverged());
    last.values().forEach((metric, value) -> object.add(metric.label().replace('-', '_'), Json.number(value)));
    if (output.json()) {
      out().println(Json.text(object));
    } else {
      object.asMap().forEach((key, value) -> out().println(key + " " + value.getAsString()));
    }
    if (outcome.diverged()) {
      err().println("the outputs left the range of usable numbers after step " + outcome.steps()
          + "; use a smaller --lr, or a loss whose gradient vanishes (dot-linear has none)");
      return ExitCodes.DID_NOT_HOLD;
    }
    return Interruption.requested() ? ExitCodes.INTERRUPTED : ExitCodes.DONE;
  }

  /** The three arrays as the rows of one. */
  private Matrix stacked(Backend backend) {
    if (triplets.size() != 3) {
      throw new InvalidArgument("--triplets needs three files X,XP,XQ, got " + triplets.size());
    }
    var parts = new ArrayList<Matrix>();
    try {
      for (Path path : triplets) {
        Matrix part = Inputs.matrix("--triplets", path, backend, backendOptions.dtype());
        parts.add(part);
        Matrix first = parts.getFirst();
        if (part.rows() != first.rows() || part.cols() != first.cols()) {
          throw new ShapeMismatch("--triplets: " + path + " is " + part.describe("") + ", " + triplets.getFirst()
              + " is " + first.describe("") + "; anchors, positives and negatives must have one shape");
        }
      }
      long samples = parts.getFirst().rows();
      Matrix stacked = backend.zeros(backendOptions.dtype(), 3 * samples, parts.getFirst().cols());
      for (int i = 0; i < parts.size(); i++) {
        backend.copy(parts.get(i), stacked.rowRange(i * samples, samples));
      }
      return stacked;
    } finally {
      parts.forEach(Matrix::close);
    }
  }

  private Network network(Backend backend, Loss loss, Matrix inputs) {
    Network network = model != null && widths == null
        ? Inputs.network(model, backend, backendOptions.dtype(), activation)
        : newNetwork(backend);
    try {
      Inputs.requireColumns("--triplets", triplets.getFirst(), inputs, network);
      backendOptions.requireMemory(
          "training on " + inputs.rows() / 3 + " triplets", memory(network, loss, inputs.rows()));
      return network;
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  private Network newNetwork(Backend backend) {
    if (model != null || widths == null || activation == null) {
      throw new InvalidArgument("give either --model NET.npz, or --widths d,M,K with --activation NAME");
    }
    Architecture architecture = Architecture.ntk(activation, widths);
    backendOptions.requireMemory("a network of widths " + architecture.widths(),
        Matrix.bytes(backendOptions.dtype(), 1, architecture.parameters()));
    return Network.gaussian(architecture, backend, backendOptions.dtype(),
        RandomStreams.of(seed).named("train/network"));
  }

  /** Parameters with their gradient, the batch on its way forward and back, and what the loss needs. */
  private static long memory(Network network, Loss loss, long rows) {
    return 2 * Matrix.bytes(network.dtype(), 1, network.architecture().parameters())
        + Propagation.workspaceBytes(network, rows)
        + loss.workspaceBytes(network.dtype(), rows / 3, network.architecture().outputs());
  }
}
