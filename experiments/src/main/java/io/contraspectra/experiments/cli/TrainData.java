package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Augmentation;
import io.contraspectra.core.data.DataFiles;
import io.contraspectra.core.data.Datasets;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.data.MixtureFile;
import io.contraspectra.core.data.Sampler;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.data.TripletSamplers;
import io.contraspectra.core.data.Triplets;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.mixture.MixturePairs;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.training.EvaluationSet;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a run trains on: given triplets, given pairs, or views drawn from data. */
final class TrainData {

  private static final int DEFAULT_BATCH = 128;
  private static final int SYNTHETIC_SAMPLES = 512;
  private static final int SYNTHETIC_DIMENSION = 8;
  private static final String DEFAULT_AUGMENTATION = "noise=0.1";
  private static final String MIXTURE = "mixture:";

  /** How positives are found. */
  enum Positives { VIEWS, CLASS }

  @Option(names = "--triplets", split = ",", paramLabel = "X,XP,XQ",
      description = "Anchors, positives and negatives, N x d each.")
  private @Nullable List<Path> triplets;

  @Option(names = "--data", paramLabel = "D",
      description = "digits, wine, synthetic or a file of N x d samples, of which batches are random views;"
          + " mixture:FILE.npz (w, mu, sigma, optional delta, n) for pairs drawn from a Gaussian mixture.")
  private @Nullable String data;

  @Option(names = "--data2", paramLabel = "D2.npy",
      description = "The second view of every sample of --data, row by row; then nothing is augmented.")
  private @Nullable Path second;

  @Option(names = "--positives", paramLabel = "HOW", defaultValue = "views",
      description = "views: two views of a sample; class: views of two samples of a class (default views).")
  private Positives positives = Positives.VIEWS;

  @Option(names = "--augment", paramLabel = "LIST",
      description = "How views are made, e.g. noise=.1,mask=.2,scale=.8:1.2,shift=1 (default noise=0.1; none with"
          + " --positives class).")
  private @Nullable String augment;

  @Option(names = "--batch", paramLabel = "B",
      description = "Samples of a batch (default: all with gd and lbfgs, else 128 or all if there are fewer).")
  private @Nullable Integer batch;

  private final List<Matrix> owned = new ArrayList<>();
  private @Nullable LabelledData labelled;

  /** Whether given triplets are trained on, all at every step. */
  boolean isTriplets() {
    return triplets != null;
  }

  /** Reads everything; matrices stay open until {@link #close}. */
  void open(Backend backend, DType dtype) {
    if ((triplets == null) == (data == null)) {
      throw new InvalidArgument("give either --data D, or --triplets X,XP,XQ");
    }
    if (triplets != null) {
      refuseBeside("--triplets", second, "--data2");
      refuseBeside("--triplets", augment, "--augment");
      readTriplets(backend, dtype, triplets);
    } else if (second != null) {
      refuseBeside("--data2", augment, "--augment");
      Path first = Path.of(Objects.requireNonNull(data));
      owned.add(Inputs.matrix("--data", first, backend, dtype));
      owned.add(Inputs.matrix("--data2", second, backend, dtype));
      if (owned.get(0).rows() != owned.get(1).rows()) {
        throw new ShapeMismatch("--data2 " + second + " has " + owned.get(1).rows() + " rows, " + first + " has "
            + owned.get(0).rows() + "; give a second view of every sample");
      }
    } else if (isMixture()) {
      refuseBeside("--data " + MIXTURE, augment, "--augment");
      drawFromMixture(backend, dtype, Path.of(Objects.requireNonNull(data).substring(MIXTURE.length())));
    } else {
      labelled = read(Objects.requireNonNull(data));
    }
  }

  private boolean isMixture() {
    return data != null && data.startsWith(MIXTURE);
  }

  /** Pairs and as many independent negatives, the same for every seed of a run. */
  private void drawFromMixture(Backend backend, DType dtype, Path file) {
    RandomGenerator random = RandomStreams.of(0).named("train/mixture");
    try (MixtureFile content = MixtureFile.read(file, backend);
        MixturePairs pairs = content.mixture().pairs(content.samples(), content.delta(), random);
        Matrix negatives = content.mixture().sample(content.mixture().labels(content.samples(), random), random)) {
      for (Matrix view : List.of(pairs.x(), pairs.positives(), negatives)) {
        owned.add(backend.copyOf(view, dtype));
      }
      labelled = new LabelledData(file.toString(), content.samples(), content.mixture().dimension(),
          pairs.x().toArray(), pairs.labels());
    }
  }

  private static void refuseBeside(String given, @Nullable Object other, String name) {
    if (other != null) {
      throw new InvalidArgument(given + " gives the arrays as they are; drop " + name);
    }
  }

  private void readTriplets(Backend backend, DType dtype, List<Path> files) {
    if (files.size() != 3) {
      throw new InvalidArgument("--triplets needs three files X,XP,XQ, got " + files.size());
    }
    for (Path path : files) {
      Matrix part = Inputs.matrix("--triplets", path, backend, dtype);
      owned.add(part);
      Matrix first = owned.getFirst();
      if (part.rows() != first.rows() || part.cols() != first.cols()) {
        throw new ShapeMismatch("--triplets: " + path + " is " + part.describe("") + ", " + files.getFirst()
            + " is " + first.describe("") + "; anchors, positives and negatives must have one shape");
      }
    }
  }

  private static LabelledData read(String name) {
    LabelledData data = switch (name) {
      case "digits" -> scaled(Datasets.digits(), 1.0 / 16);
      case "wine" -> Datasets.wine();
      case "synthetic" -> synthetic();
      default -> DataFiles.read(Path.of(name));
    };
    for (int i = 0; i < data.features().length; i++) {
      if (!Double.isFinite(data.features()[i])) {
        throw new InvalidData("--data " + name + " has a NaN or infinite entry at row " + i / data.cols() + ", column "
            + i % data.cols() + "; remove or replace it before the call");
      }
    }
    return data;
  }

  private static LabelledData scaled(LabelledData data, double factor) {
    double[] features = data.features().clone();
    for (int i = 0; i < features.length; i++) {
      features[i] *= factor;
    }
    return new LabelledData(data.name(), data.rows(), data.cols(), features, data.labels());
  }

  /** Points on a sphere, the same for every seed of a run. */
  private static LabelledData synthetic() {
    Triplets drawn = TripletSamplers.synthetic(
        SYNTHETIC_SAMPLES, SYNTHETIC_DIMENSION, RandomStreams.of(0).named("train/synthetic"));
    return new LabelledData("synthetic", drawn.n(), drawn.d(), drawn.anchors(), null);
  }

  /** Where batches come from. */
  Sampler sampler(Backend backend, Loss loss, Optimizers rule, RandomStreams streams) {
    if (!owned.isEmpty()) {
      List<Matrix> blocks = isMixture() ? owned.subList(0, loss.blocks()) : owned;
      return Samplers.given(backend, blocks, batch(rule, (int) owned.getFirst().rows()), streams);
    }
    LabelledData samples = Objects.requireNonNull(labelled);
    int rows = batch(rule, samples.rows());
    return switch (positives) {
      case VIEWS -> Samplers.views(samples, Augmentation.parse(Objects.requireNonNullElse(augment,
          DEFAULT_AUGMENTATION)), loss.blocks(), rows, streams);
      case CLASS -> Samplers.classPairs(samples, augment == null ? Augmentation.NONE : Augmentation.parse(augment),
          loss.blocks(), rows, streams);
    };
  }

  /** About how many samples there are, known before any is read. */
  double samples(int inputs) {
    if (triplets != null && !triplets.isEmpty()) {
      return numbers(triplets.getFirst()) / inputs;
    }
    return data == null || !Files.isRegularFile(Path.of(data)) ? SYNTHETIC_SAMPLES
        : numbers(Path.of(data)) / inputs;
  }

  private static double numbers(Path file) {
    try {
      return WorkEstimate.numbers(file);
    } catch (ContraSpectraException | UncheckedIOException e) {
      return 0; // reading it will say why
    }
  }

  int batch(Optimizers rule, int size) {
    return batch != null ? batch : rule.isFullBatch() || isTriplets() ? size : Math.min(DEFAULT_BATCH, size);
  }

  /** What a run is judged on. */
  EvaluationSet evaluation(Backend backend, DType dtype, RandomStreams streams) {
    return labelled != null ? EvaluationSet.of(labelled, backend, dtype, streams)
        : EvaluationSet.of(backend, owned.getFirst());
  }

  /** Refuses a network of other inputs, naming the file. */
  void requireColumns(int tower, int inputs, List<Integer> widths) {
    long cols = labelled != null ? labelled.cols() : owned.get(tower).cols();
    if (cols != inputs) {
      String file = triplets != null ? "--triplets " + triplets.getFirst()
          : tower == 0 ? "--data " + data : "--data2 " + second;
      throw new ShapeMismatch(file + " has " + cols + " columns, but the network of widths " + widths + " takes "
          + inputs + "; give samples of that many");
    }
  }

  /** What of these options makes a run what it is; a file also by its size and time. */
  void describe(Map<String, String> run) {
    String sources = triplets != null ? triplets.toString() : data + (second == null ? "" : "," + second);
    run.put("data", sources);
    List<String> parts = triplets != null ? triplets.stream().map(Path::toString).toList()
        : List.of(sources.split(","));
    for (String part : parts) {
      Path file = Path.of(isMixture() ? part.substring(MIXTURE.length()) : part);
      if (Files.isRegularFile(file)) {
        run.put("bytes of " + part, Long.toString(file.toFile().length()));
      }
    }
    run.put("batch", String.valueOf(batch));
    run.put("positives", positives.name().toLowerCase(Locale.ROOT));
    run.put("augment", String.valueOf(augment));
  }

  /** Frees what {@link #open} read. */
  void close() {
    owned.forEach(Matrix::close);
  }
}
