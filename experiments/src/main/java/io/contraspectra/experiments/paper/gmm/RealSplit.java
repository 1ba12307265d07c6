package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.evaluate.Columns;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.Pca;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Labelled data in two halves, half of every class in each, prepared as seen on the first (gmm.md 6, T8). Close it.
 *
 * @param samples training and test half
 */
record RealSplit(Backend backend, Score.Samples samples) implements AutoCloseable {

  /** What is done to the features. */
  enum Preparation {
    /** Every feature gets variance 1. */
    STANDARDISED,
    /** The leading principal components: then no direction is constant. */
    PRINCIPAL
  }

  /** Most principal components. */
  static final int COMPONENTS = 30;

  /** Large files are thinned out to about this many samples. */
  private static final int MOST = 2000;

  /** Of every class, so that there are more pairs than dimensions. */
  private static final int FEWEST = 8;

  static RealSplit draw(Backend backend, LabelledData data, Preparation preparation, RandomGenerator random) {
    int[] labels = data.requireLabels();
    var train = new ArrayList<Integer>();
    var test = new ArrayList<Integer>();
    for (int label : Arrays.stream(labels).distinct().sorted().toArray()) {
      int[] members = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
      int used = (int) Math.min(members.length, Math.ceil((double) members.length * MOST / labels.length));
      if (used < FEWEST) {
        throw new InvalidArgument(data.name() + ": only " + used + " samples of class " + label + " are used, of "
            + members.length + "; at least " + FEWEST + " are needed to pair and to test");
      }
      int[] order = RandomDraws.distinct(random, used, members.length);
      for (int i = 0; i < used; i++) {
        (i < used / 2 ? train : test).add(members[order[i]]);
      }
    }
    try (Matrix first = rows(backend, data, train); Matrix second = rows(backend, data, test)) {
      return new RealSplit(backend,
          prepared(backend, preparation, first, labels(labels, train), second, labels(labels, test)));
    }
  }

  private static Score.Samples prepared(Backend backend, Preparation preparation, Matrix train, int[] trainLabels,
      Matrix test, int[] testLabels) {
    if (preparation == Preparation.STANDARDISED) {
      Columns.standardise(backend, train, test);
      return new Score.Samples(backend.copyOf(train, DType.F64), trainLabels, backend.copyOf(test, DType.F64),
          testLabels);
    }
    int dimensions = (int) Math.min(COMPONENTS, Math.min(train.cols(), train.rows() / 4));
    try (Embedding principal = Pca.embedding(backend, train, dimensions)) {
      return new Score.Samples(backend.copyOf(principal.points(), DType.F64), trainLabels,
          principal.map().orElseThrow().apply(backend, test), testLabels);
    }
  }

  private static Matrix rows(Backend backend, LabelledData data, List<Integer> chosen) {
    Matrix rows = backend.zeros(DType.F64, chosen.size(), data.cols());
    for (int i = 0; i < chosen.size(); i++) {
      rows.rowRange(i, 1).copyFrom(data.row(chosen.get(i)));
    }
    return rows;
  }

  private static int[] labels(int[] labels, List<Integer> chosen) {
    return chosen.stream().mapToInt(i -> labels[i]).toArray();
  }

  /** Pairs of training samples. Close it. */
  record Pairs(Matrix x, Matrix positives, int[] labels) implements AutoCloseable {

    Method.Sample sample() {
      return new Method.Sample(x, positives, labels);
    }

    @Override
    public void close() {
      x.close();
      positives.close();
    }
  }

  /**
   * Every training sample with the next one of its class in a random order, several times.
   *
   * @param rounds random orders
   * @param delta the probability that the partner is such a one, and not any training sample
   */
  Pairs pairs(int rounds, double delta, RandomGenerator random) {
    int n = samples.trainLabels().length;
    var partners = new int[rounds * n];
    for (int round = 0; round < rounds; round++) {
      int[] next = nextOfClass(random);
      for (int i = 0; i < n; i++) {
        partners[round * n + i] = random.nextDouble() < delta ? next[i] : random.nextInt(n);
      }
    }
    long d = samples.train().cols();
    Matrix x = backend.zeros(DType.F64, partners.length, d);
    Matrix positives = backend.zeros(DType.F64, partners.length, d);
    var labels = new int[partners.length];
    for (int i = 0; i < partners.length; i++) {
      backend.copy(samples.train().rowRange(i % n, 1), x.rowRange(i, 1));
      backend.copy(samples.train().rowRange(partners[i], 1), positives.rowRange(i, 1));
      labels[i] = samples.trainLabels()[i % n];
    }
    return new Pairs(x, positives, labels);
  }

  /** A random cycle through every class. */
  private int[] nextOfClass(RandomGenerator random) {
    int[] labels = samples.trainLabels();
    var next = new int[labels.length];
    for (int label : Arrays.stream(labels).distinct().sorted().toArray()) {
      int[] members = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
      int[] order = RandomDraws.distinct(random, members.length, members.length);
      for (int i = 0; i < order.length; i++) {
        next[members[order[i]]] = members[order[(i + 1) % order.length]];
      }
    }
    return next;
  }

  @Override
  public void close() {
    samples.close();
  }
}
