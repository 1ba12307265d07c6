package io.contraspectra.experiments.cli;

import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Work;
import io.contraspectra.core.data.AtomicFile;
import io.contraspectra.core.data.DataFiles;
import io.contraspectra.core.data.NetworkFile;
import io.contraspectra.core.data.Sampler;
import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.loss.SimSiam;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.FusedPropagation;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.training.Checkpoint;
import io.contraspectra.core.training.Constraints;
import io.contraspectra.core.training.Descent;
import io.contraspectra.core.training.EvaluationSet;
import io.contraspectra.core.training.Metric;
import io.contraspectra.core.training.Recorder;
import io.contraspectra.core.training.Towers;
import io.contraspectra.core.training.Trainer;
import io.contraspectra.core.training.TrainingRun;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train}: contrastive training of networks on data, or exact descent on given triplets. */
@Command(name = "train", description = "Train a network contrastively, on views of data or on given triplets.")
final class TrainCommand extends AbstractCommand {

  private static final String SUBSPACE = "subspace:";

  @Mixin
  private TrainData data;

  @Option(names = "--loss", required = true, paramLabel = "NAME", description = "A name that 'losses' lists.")
  private String lossName;

  @Option(names = "--alpha", paramLabel = "HOW", defaultValue = "detached",
      description = "Alpha losses: hold the importance fixed (detached) or differentiate it too (backprop).")
  private AlphaGradient alpha = AlphaGradient.DETACHED;

  @Mixin
  private TrainArrays arrays;

  @Mixin
  private LossParameters parameters;

  @Mixin
  private TrainNetwork network;

  @Mixin
  private TrainDescent descent;

  @Option(names = "--steps", paramLabel = "T", description = "Steps (default 100).")
  private @Nullable Integer steps;

  @Option(names = "--epochs", paramLabel = "E", description = "Steps as so many passes through the data.")
  private @Nullable Integer epochs;

  @Option(names = "--track", split = ",", paramLabel = "NAMES", defaultValue = "loss",
      description = "What to record: loss, grad-norm, ntk-drift, erank, covariance-rank, alignment, uniformity, knn,"
          + " probe, subspace:REF.npy (default ${DEFAULT-VALUE}).")
  private List<String> tracked;

  @Option(names = "--every", paramLabel = "K", defaultValue = "1", description = "Record every K steps (default 1).")
  private int every;

  @Option(names = "--checkpoint", paramLabel = "DIR", description = "Keep the state of the run here.")
  private @Nullable Path checkpointFolder;

  @Option(names = "--checkpoint-every", paramLabel = "K", defaultValue = "100",
      description = "Write the state every K steps (default 100), and at the end.")
  private int checkpointEvery;

  @Option(names = "--resume", description = "Go on from the state in --checkpoint, to the same bits.")
  private boolean resume;

  @Mixin
  private BackendOptions backendOptions;

  @Mixin
  private OutputOptions output;

  /** What becomes of the pairwise importance in the gradient. */
  enum AlphaGradient { DETACHED, BACKPROP }

  @Override
  int execute() {
    Loss loss = loss();
    Set<Metric> metrics = EnumSet.noneOf(Metric.class);
    tracked.forEach(name -> metrics.add(name.startsWith(SUBSPACE) ? Metric.SUBSPACE : Metric.named(name)));
    Optional<Path> file = output.file();
    Optional<Path> metricsFile = file.map(MetricsFile::beside);
    metricsFile.ifPresent(path -> AtomicFile.checkWritable(path, output.ifExists()));
    file.ifPresent(network -> arrays.outputs(network, loss instanceof SimSiam)
        .forEach(path -> AtomicFile.checkWritable(path, output.ifExists())));
    try (Backend backend = backendOptions.open(work(loss))) {
      try {
        data.open(backend, backendOptions.dtype());
        try (Towers towers = network.towers(backend, backendOptions, data, descent.readout())) {
          return train(backend, towers, loss, metrics, metricsFile);
        }
      } finally {
        arrays.close();
        data.close();
      }
    }
  }

  private int train(Backend backend, Towers towers, Loss loss, Set<Metric> metrics, Optional<Path> metricsFile) {
    RandomStreams streams = network.streams();
    Sampler sampler = data.sampler(backend, loss, descent.rule(), streams);
    long total = steps(sampler);
    Descent rule = descent.descent(total);
    Constraints constraints = descent.constraints(towers.first().architecture().layers());
    backendOptions.requireMemory("training on " + sampler.samples() + (data.isTriplets() ? " triplets" : " samples"),
        memory(towers, loss, sampler));
    try (var progress = new Progress(err())) {
      var checkpoint = checkpoint(towers, loss, rule, constraints);
      SideArrays side = arrays.read(
          backend, backendOptions.dtype(), towers.first().architecture().outputs(), streams);
      @Nullable Matrix reference = reference(backend);
      try (EvaluationSet evaluation = data.evaluation(backend, backendOptions.dtype(), streams);
          var trainer = new Trainer(towers, loss, side, sampler, rule, constraints);
          var recorder = new Recorder(trainer, metrics, evaluation, reference)) {
        var run = new TrainingRun(trainer, recorder, every);
        checkpoint.ifPresent(kept -> run.keep(kept, checkpointEvery));
        if (resume) {
          run.resume();
        }
        Interruption.arm();
        progress.begin("training", total);
        long first = trainer.step();
        progress.advance(first);
        TrainingRun.Outcome outcome = run.run(total, step -> {
          progress.advance(step > first ? 1 : 0);
          return !progress.isCancelled();
        });
        metricsFile.ifPresent(path -> write(path, trainer, run, metrics));
        return report(outcome, run.points().getLast());
      }
    }
  }

  private Loss loss() {
    Loss loss = parameters.loss(lossName);
    if (loss instanceof AlphaLoss importance) {
      AlphaLoss views = importance.ofTwoViews();
      return alpha == AlphaGradient.BACKPROP ? views.backPropagated() : views;
    }
    if (alpha == AlphaGradient.BACKPROP) {
      throw new InvalidArgument("--alpha backprop is for losses with a pairwise importance, alpha-...; " + lossName
          + " has none");
    }
    return loss;
  }

  private Work work(Loss loss) {
    Optional<Architecture> architecture = network.architecture();
    if (architecture.isEmpty()) {
      return Work.UNKNOWN;
    }
    double samples = data.samples(architecture.get().inputs());
    double batch = data.batch(descent.rule(), (int) Math.min(Integer.MAX_VALUE, samples));
    double rounds = epochs != null ? epochs * Math.ceil(samples / Math.max(1, batch)) : steps != null ? steps : 100;
    return WorkEstimate.training(architecture.get().parameters(), architecture.get().inputs(),
        batch * loss.blocks(), rounds, backendOptions.dtype());
  }

  private long steps(Sampler sampler) {
    if (steps != null && epochs != null) {
      throw new InvalidArgument("give either --steps or --epochs");
    }
    long total = epochs != null ? epochs * sampler.stepsPerEpoch() : steps != null ? steps : 100;
    if (total < 0) {
      throw new InvalidArgument(epochs != null ? epochs + " epochs; the number must not be negative"
          : total + " steps; the number must not be negative");
    }
    return total;
  }

  private Optional<Checkpoint> checkpoint(Towers towers, Loss loss, Descent rule, Constraints constraints) {
    if (checkpointFolder == null) {
      if (resume) {
        throw new InvalidArgument("--resume goes on from a checkpoint; give its folder as --checkpoint DIR");
      }
      return Optional.empty();
    }
    var run = new LinkedHashMap<String, String>();
    data.describe(run);
    arrays.describe(run);
    network.describe(run, towers);
    run.put("loss", lossName + " " + parameters + " " + alpha);
    run.put("descent", rule.toString());
    run.put("constraints", constraints.toString());
    run.put("every", Integer.toString(every));
    var checkpoint = new Checkpoint(checkpointFolder, run);
    if (checkpoint.exists() && !resume && !output.force()) {
      throw new InvalidArgument("--checkpoint " + checkpointFolder + " holds the state of an earlier run; go on with"
          + " --resume, replace it with --force, or choose another folder");
    }
    return Optional.of(checkpoint);
  }

  private @Nullable Matrix reference(Backend backend) {
    List<Path> files = tracked.stream().filter(name -> name.startsWith(SUBSPACE))
        .map(name -> Path.of(name.substring(SUBSPACE.length()))).toList();
    if (files.size() > 1) {
      throw new InvalidArgument("--track: one subspace is followed, got " + files);
    }
    return files.isEmpty() ? null : arrays.keep(DataFiles.read(files.getFirst(), backend, backendOptions.dtype()));
  }

  private void write(Path metricsFile, Trainer trainer, TrainingRun run, Set<Metric> metrics) {
    Path file = output.path().orElseThrow();
    Towers towers = trainer.towers();
    arrays.write(file, output.ifExists(), trainer.lossParameters().orElse(null));
    NetworkFile.write(file, output.ifExists(), towers.first());
    for (Network second : towers.networks().subList(1, towers.networks().size())) {
      NetworkFile.write(MetricsFile.second(file), output.ifExists(), second);
    }
    MetricsFile.write(metricsFile, output.ifExists(), metrics, run.points(), !data.isTriplets());
  }

  private int report(TrainingRun.Outcome outcome, TrainingRun.Point last) {
    var object = new JsonObject();
    object.addProperty("steps", outcome.steps());
    object.addProperty("diverged", outcome.diverged());
    last.values().forEach((metric, value) -> object.add(metric.label().replace('-', '_'), Json.number(value)));
    if (!data.isTriplets()) {
      object.add("samples_per_second", Json.number(last.samplesPerSecond()));
    }
    if (output.json()) {
      out().println(Json.text(object));
    } else {
      object.asMap().forEach((key, value) -> out().println(key + " " + value.getAsString()));
    }
    if (outcome.diverged()) {
      err().println("the outputs left the range of usable numbers after step " + outcome.steps()
          + "; use a smaller --lr, or a loss whose gradient vanishes (dot-linear has none)"
          + (checkpointFolder == null ? "" : "; the last good state is in " + checkpointFolder));
      return ExitCodes.DID_NOT_HOLD;
    }
    return Interruption.requested() ? ExitCodes.INTERRUPTED : ExitCodes.DONE;
  }

  /** Parameters with their gradient, the batch on its way forward and back, and what the loss needs. */
  private static long memory(Towers towers, Loss loss, Sampler sampler) {
    long bytes = 2 * Matrix.bytes(towers.first().dtype(), 1, towers.parameters().cols());
    long rows = loss.blocks() * sampler.samples() / towers.networks().size();
    for (Network tower : towers.networks()) {
      bytes += FusedPropagation.workspaceBytes(tower, rows);
    }
    return bytes + loss.workspaceBytes(
        towers.first().dtype(), sampler.samples(), towers.first().architecture().outputs());
  }
}
