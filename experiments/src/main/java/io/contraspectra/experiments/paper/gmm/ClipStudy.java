package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.ClipMixture;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.MixturePairs;
import io.contraspectra.core.mixture.MixtureSubspaces;
import io.contraspectra.core.mixture.PairClip;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** T7: CLIP finds the Fisher subspaces of both modalities. */
final class ClipStudy implements Study {

  private static final int COMPONENTS = 4;
  private static final double RADIUS = 3;
  private static final int OUTPUTS = 2;
  private static final int IMAGE_DIMENSION = 10;
  private static final double IMAGE_NOISE = 25;
  private static final int TEXT_DIMENSION = 8;
  private static final double TEXT_NOISE = 9;
  private static final int JUDGED = 1000;
  private static final double GRADIENT = 1e-6;
  /** With these probabilities image and text belong together. */
  static final List<Double> DELTAS = List.of(1., .5);

  /** What is measured. */
  enum Measure {
    IMAGES("image sin"), TEXTS("text sin"), CLUSTERS("image ARI"), PCA_CLUSTERS("image ARI of PCA");

    private final String label;

    Measure(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private final GmmSettings settings;

  ClipStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "clip";
  }

  static String name(Measure measure, double delta, int pairs) {
    return "CLIP " + measure.label() + ", n = " + pairs + (delta == 1 ? "" : ", delta " + delta);
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    double[][] square = Models.polygon(COMPONENTS, RADIUS);
    try (GaussianMixture images = Models.pancakes(backend, square, IMAGE_DIMENSION, IMAGE_NOISE, random);
        GaussianMixture texts = Models.pancakes(backend, square, TEXT_DIMENSION, TEXT_NOISE, random);
        Score.Samples samples = Trial.samples(images, random)) {
      for (double delta : DELTAS) {
        try (Matrix law = law(backend, delta * settings.clean());
            var mixture = new ClipMixture(backend, law, images.centredMeans(), images.covariance(0),
                texts.centredMeans(), texts.covariance(0))) {
          for (int pairs : settings.clipPairs()) {
            measure(mixture, samples, delta, pairs, random, sheet);
          }
        }
      }
    }
    return sheet;
  }

  /** {@code δ diag(w) + (1 − δ)wwᵀ} for equal weights. */
  private static Matrix law(Backend backend, double delta) {
    var law = new double[COMPONENTS * COMPONENTS];
    for (int i = 0; i < law.length; i++) {
      boolean same = i / COMPONENTS == i % COMPONENTS;
      law[i] = ((same ? delta : 0) + (1 - delta) / COMPONENTS) / COMPONENTS;
    }
    return backend.matrix(COMPONENTS, COMPONENTS, law);
  }

  private static void measure(ClipMixture mixture, Score.Samples samples, double delta, int pairs,
      RandomGenerator random, Measured.Sheet sheet) {
    Backend backend = mixture.backend();
    try (MixturePairs drawn = mixture.pairs(pairs, random);
        var fit = PairClip.fit(backend, drawn.x(), drawn.positives(), OUTPUTS, GRADIENT);
        Matrix images = Frames.transposed(backend, fit.first());
        Matrix texts = Frames.transposed(backend, fit.second());
        Matrix imageFisher = MixtureSubspaces.fisher(mixture.images());
        Matrix textFisher = MixtureSubspaces.fisher(mixture.texts());
        Matrix principal = Method.PCA.directions(
            backend, new Method.Sample(drawn.x(), drawn.x(), drawn.labels()), OUTPUTS)) {
      sheet.put(name(Measure.IMAGES, delta, pairs), Frames.sine(backend, images, imageFisher));
      sheet.put(name(Measure.TEXTS, delta, pairs), Frames.sine(backend, texts, textFisher));
      sheet.put(name(Measure.CLUSTERS, delta, pairs), Trial.score(backend, samples, images, random).clusters());
      sheet.put(name(Measure.PCA_CLUSTERS, delta, pairs),
          Trial.score(backend, samples, principal, random).clusters());
    }
  }

  List<Integer> pairs() {
    return settings.clipPairs();
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("gmm:T7", "From pairs of two modalities CLIP learns the Fisher subspace of each, and the"
        + " clusters with it.",
        Bound.atMost(name(Measure.IMAGES, 1, JUDGED), 0.06).ofMean(),
        Bound.atMost(name(Measure.TEXTS, 1, JUDGED), 0.10).ofMean(),
        Bound.atLeast(name(Measure.CLUSTERS, 1, JUDGED), 0.88).ofMean()));
  }
}
