package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.MixturePairs;
import io.contraspectra.core.mixture.MixtureSubspaces;
import io.contraspectra.experiments.paper.Measured;
import java.util.random.RandomGenerator;

/** One draw of pairs from a mixture, with what projections are compared with and tested on. Close it. */
final class Trial implements AutoCloseable {

  private static final int TRAINING = 300;
  private static final int TEST = 2000;
  private static final int NEIGHBOURS = 15;

  /** What is measured of a projection. */
  enum Measure {
    /** Largest sine to the Fisher subspace, in the units of the data. */
    SINE("sin"),
    /** The same in the metric of the covariance, which no change of units moves. */
    WHITE_SINE("wsin"),
    /** Accuracy of nearest neighbours. */
    NEIGHBOURS("kNN"),
    /** Adjusted Rand index of k-means. */
    CLUSTERS("ARI");

    private final String label;

    Measure(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private final Backend backend;
  private final MixturePairs pairs;
  private final Matrix fisher;
  private final Matrix root;
  private final Score.Samples samples;
  private final RandomGenerator random;

  /**
   * Draws.
   *
   * @param count n pairs
   * @param delta the probability that the augmentation keeps the component
   */
  Trial(GaussianMixture mixture, int count, double delta, RandomGenerator random) {
    this.backend = mixture.backend();
    this.random = random;
    this.pairs = mixture.pairs(count, delta, random);
    this.fisher = MixtureSubspaces.fisher(mixture);
    this.root = Frames.root(backend, mixture.within());
    this.samples = samples(mixture, random);
  }

  /** Samples to evaluate projections on; to be closed by the caller. */
  static Score.Samples samples(GaussianMixture mixture, RandomGenerator random) {
    int[] labels = mixture.labels(TRAINING, random);
    int[] testLabels = mixture.labels(TEST, random);
    return new Score.Samples(mixture.sample(labels, random), labels, mixture.sample(testLabels, random), testLabels);
  }

  /** Evaluates directions as {@link #samples} are meant to be. */
  static Score score(Backend backend, Score.Samples samples, Matrix directions, RandomGenerator random) {
    return Score.of(backend, samples, directions, NEIGHBOURS, random);
  }

  /** The Fisher subspace, d x q; owned by the trial. */
  Matrix fisher() {
    return fisher;
  }

  /** Fits by a method, and records all measures as {@link #name} says. */
  void measure(Method method, String where, Measured.Sheet sheet) {
    var sample = new Method.Sample(pairs.x(), pairs.positives(), pairs.labels());
    try (Matrix directions = method.directions(backend, sample, Math.toIntExact(fisher.cols()))) {
      record(method.label(), directions, where, sheet);
    }
  }

  /** Records all measures of given directions. */
  void record(String method, Matrix directions, String where, Measured.Sheet sheet) {
    Score score = score(backend, samples, directions, random);
    sheet.put(name(method, Measure.SINE, where), Frames.sine(backend, directions, fisher));
    sheet.put(name(method, Measure.WHITE_SINE, where), Frames.sine(backend, directions, fisher, root));
    sheet.put(name(method, Measure.NEIGHBOURS, where), score.neighbours());
    sheet.put(name(method, Measure.CLUSTERS, where), score.clusters());
  }

  static String name(String method, Measure measure, String where) {
    return method + " " + measure.label() + ", " + where;
  }

  static String name(Method method, Measure measure, String where) {
    return name(method.label(), measure, where);
  }

  @Override
  public void close() {
    pairs.close();
    fisher.close();
    root.close();
    samples.close();
  }
}
