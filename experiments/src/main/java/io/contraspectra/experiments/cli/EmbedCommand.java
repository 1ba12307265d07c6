package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.data.AtomicFile;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.data.NpzWriter;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.Finding;
import io.contraspectra.experiments.cli.EmbedMethod.Reads;
import io.contraspectra.experiments.cli.EmbedTask.Outcome;
import io.contraspectra.experiments.report.FigureFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embed}: spectral embeddings and the closed forms of self-supervised losses. */
@Command(name = "embed", description = "Embed samples by a spectral method, or at the optimum of a self-supervised"
    + " loss.")
final class EmbedCommand extends AbstractCommand {

  @Option(names = "--method", required = true, paramLabel = "NAME", converter = EmbedMethod.Converter.class,
      description = "pca, kernel-pca, laplacian-eigenmaps, classical-mds, isomap, lpp, lda (or fisher), cca; vicreg,"
          + " simclr, spectral-contrastive, barlow-twins, infonce-dist, infonce-cos.")
  private EmbedMethod method = EmbedMethod.PCA;

  @Option(names = "--input", paramLabel = "X", description = "Samples, one a row (.npy, .csv, IDX).")
  private @Nullable Path input;

  @Option(names = "--input2", paramLabel = "Y", description = "Second view of the same samples (cca, vicreg).")
  private @Nullable Path input2;

  @Option(names = "--gram", paramLabel = "G", description = "Kernel matrix for kernel-pca, N x N.")
  private @Nullable Path gram;

  @Option(names = "--model", paramLabel = "NET.npz",
      description = "kernel-pca: take the trace NTK of this network as the kernel.")
  private @Nullable Path model;

  @Mixin
  private RelationOptions relations;

  @Option(names = "--dims", required = true, paramLabel = "K", description = "Dimensions of the embedding.")
  private int dims;

  @Option(names = "--linear", description = "Closed forms: the optimal linear encoder of --input.")
  private boolean linear;

  @Option(names = "--laplacian", paramLabel = "NAME",
      description = "walk (default of laplacian-eigenmaps) or unnormalised (default of vicreg, whose walk form weighs"
          + " samples by degree).")
  private @Nullable LaplacianKind laplacian;

  @Option(names = "--plot", paramLabel = "PATH", description = "Scatter plot of the first two dimensions, .png or .svg.")
  private @Nullable Path plot;

  @Mixin
  private EmbedParameters parameters;

  @Option(names = "--repeat", paramLabel = "N", defaultValue = "0",
      description = "After one warm-up, time N runs; seconds is their minimum.")
  private int repeat;

  @Mixin
  private BackendOptions backendOptions;

  @Mixin
  private OutputOptions output;

  @Override
  int execute() {
    Optional<Path> file = output.file();
    requireSense();
    try (Backend backend = backendOptions.open(WorkEstimate.embedding(
            input, gram, !method.isAlwaysLinear() && !linear, dims, backendOptions.dtype()));
        Matrix x = optional("--input", input, backend);
        Matrix y = optional("--input2", input2, backend);
        Matrix kernel = optional("--gram", gram, backend);
        Matrix graph = relations.openGraph(backend);
        Network network = model == null ? null : Inputs.network(model, backend, backendOptions.dtype(), null)) {
      if (network != null && x != null && input != null) {
        Inputs.requireColumns("--input", input, x, network);
      }
      requireMemory(x, graph);
      var task = new EmbedTask(method, backend, x, y, kernel, graph, network, relations, parameters, dims, linear,
          walk(), backendOptions.memoryBytes() / 2);
      var outcomes = new ArrayList<Outcome>(1);
      try {
        double seconds = Stopwatch.seconds(() -> {
          outcomes.forEach(Outcome::close);
          outcomes.clear();
          outcomes.add(watched(task));
        }, repeat);
        Outcome outcome = outcomes.getFirst();
        file.ifPresent(path -> Npz.write(path, output.ifExists(), npz -> write(npz, backend, outcome)));
        draw(outcome.first());
        print(backend, outcome.first(), seconds);
      } finally {
        outcomes.forEach(Outcome::close);
      }
    }
    return ExitCodes.DONE;
  }

  private Outcome watched(EmbedTask task) {
    try (var bar = new FlopsBar(err(), method.text())) {
      return Progress.listening(bar, task::run);
    }
  }

  /** Refuses what the method would silently ignore, before anything is read. */
  private void requireSense() {
    parameters.requireKnown(method.text(), known());
    relations.requireAllowed(method.text(), method.reads(Reads.RELATION), method.reads(Reads.LABELS),
        method.reads(Reads.NEIGHBOURS));
    method.requireLinear(linear);
    refuse("--input2", input2 != null && !method.reads(Reads.SECOND) && !method.reads(Reads.TWO_VIEWS));
    refuse("--gram", gram != null && !method.reads(Reads.KERNEL));
    refuse("--model", model != null && !method.reads(Reads.KERNEL));
    refuse("--laplacian", laplacian != null && !method.reads(Reads.LAPLACIAN));
    if (gram != null && (model != null || input != null)) {
      throw new InvalidArgument("--gram is the whole kernel; leave out --input and --model");
    }
    if (dims < 1) {
      throw new InvalidArgument("--dims " + dims + ": at least one dimension is needed");
    }
    if (plot != null) {
      if (dims < 2) {
        throw new InvalidArgument("--plot draws two dimensions; give --dims 2 or more");
      }
      FigureFile.requireKnownFormat(plot);
      AtomicFile.checkWritable(plot, output.ifExists());
    }
  }

  private List<String> known() {
    var known = new ArrayList<>(method.parameters());
    if (relations.hasScale()) {
      known.add("scale");
    }
    return known;
  }

  private void refuse(String option, boolean given) {
    if (given) {
      throw new InvalidArgument(option + " means nothing to " + method.text() + "; leave it out");
    }
  }

  private void requireMemory(@Nullable Matrix x, @Nullable Matrix graph) {
    if (x != null && method == EmbedMethod.ISOMAP) {
      long n = x.rows();
      backendOptions.requireMemory("isomap of " + n + " samples", 2 * Matrix.bytes(DType.F64, n, n));
    }
    if (method.reads(Reads.RELATION)) {
      relations.requireMemory(method.text(), graph, backendOptions);
    }
  }

  private boolean walk() {
    return laplacian == null ? method == EmbedMethod.LAPLACIAN_EIGENMAPS : laplacian == LaplacianKind.WALK;
  }

  private @Nullable Matrix optional(String option, @Nullable Path path, Backend backend) {
    return path == null ? null : Inputs.matrix(option, path, backend, backendOptions.dtype());
  }

  private void write(NpzWriter npz, Backend backend, Outcome outcome) throws IOException {
    Embedding first = outcome.first();
    put(npz, backend, "embedding", first.points());
    npz.put("values", NpyArray.of(first.values(), first.values().length));
    npz.put("gains", NpyArray.of(first.gains(), first.gains().length));
    if (first.map().isPresent()) {
      put(npz, backend, "weights", first.map().get().weights());
      put(npz, backend, "mean", first.map().get().mean());
    }
    if (first.optimum().isPresent()) {
      npz.put("loss", NpyArray.of(new double[] {first.optimum().getAsDouble()}, 1));
    }
    if (outcome.second().isPresent()) {
      Embedding second = outcome.second().get();
      put(npz, backend, "embedding2", second.points());
      put(npz, backend, "weights2", second.map().orElseThrow().weights());
      put(npz, backend, "mean2", second.map().orElseThrow().mean());
    }
  }

  private void put(NpzWriter npz, Backend backend, String name, Matrix matrix) throws IOException {
    try (Matrix rounded = backend.copyOf(matrix, backendOptions.dtype())) {
      npz.put(name, rounded);
    }
  }

  private void draw(Embedding embedding) {
    Path picture = plot;
    if (picture != null) {
      var figure = EmbeddingFigure.of(method.text(), embedding, relations.knownLabels(method.text()));
      FigureFile.draw(figure, picture, warning -> err().println("warning: " + warning)).ifPresent(
          bytes -> AtomicFile.write(picture, output.ifExists(), out -> out.write(bytes)));
    }
  }

  private void print(Backend backend, Embedding embedding, double seconds) {
    for (Finding finding : embedding.findings()) {
      // That data are centred is part of the method; the rest may surprise.
      if (finding.kind() != Finding.Kind.CENTRED) {
        err().println("note: " + finding.text());
      }
    }
    if (output.json()) {
      out().println(Json.text(json(backend, embedding, seconds)));
      return;
    }
    out().printf(Locale.ROOT, "%s %d x %d on %s: %.3g s%s%s%n", method.text(), embedding.points().rows(),
        embedding.points().cols(), backend.name(), seconds, embedding.optimum().isPresent()
            ? String.format(Locale.ROOT, ", optimal loss %.17g", embedding.optimum().getAsDouble()) : "",
        output.path().map(path -> ", written to " + path).orElse("; give --out to keep it"));
  }

  private JsonObject json(Backend backend, Embedding embedding, double seconds) {
    var object = new JsonObject();
    object.addProperty("method", method.text());
    var shape = new JsonArray();
    shape.add(embedding.points().rows());
    shape.add(embedding.points().cols());
    object.add("shape", shape);
    object.add("seconds", Json.number(seconds));
    object.add("values", numbers(embedding.values()));
    object.add("gains", numbers(embedding.gains()));
    embedding.optimum().ifPresent(optimum -> object.add("loss", Json.number(optimum)));
    var findings = new JsonArray();
    for (Finding finding : embedding.findings()) {
      var entry = new JsonObject();
      entry.addProperty("kind", finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      entry.addProperty("text", finding.text());
      findings.add(entry);
    }
    object.add("findings", findings);
    object.addProperty("backend", backend.name());
    object.addProperty("dtype", backendOptions.dtype().name().toLowerCase(Locale.ROOT));
    return object;
  }

  private static JsonArray numbers(double... values) {
    var array = new JsonArray();
    for (double value : values) {
      array.add(Json.number(value));
    }
    return array;
  }
}
