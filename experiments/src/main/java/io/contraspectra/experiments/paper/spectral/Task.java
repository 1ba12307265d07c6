package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.Pca;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Samples with classes, and with a nuisance factor that has nothing to do with them (spectral.md 7). Close it.
 *
 * @param train N x D
 * @param labels classes of the training samples
 * @param nuisance the nuisance factor of the training samples
 * @param test n x D
 * @param testLabels their classes
 */
record Task(Backend backend, Matrix train, int[] labels, int[] nuisance, Matrix test, int[] testLabels)
    implements AutoCloseable {

  private static final int DIMENSION = 30;
  private static final int CLASSES = 4;
  private static final int TRAINING = 300;
  private static final int TESTS = 1000;
  private static final double SEPARATION = 2.5;
  private static final double LEAST_SCALE = 0.3;
  private static final double SCALES = 10;
  private static final int DATA_TRAINING = 500;
  private static final int COMPONENTS = 40;
  private static final int LEVELS = 10;

  /**
   * Four classes and four nuisance values, each 2.5 along an axis of its own, with unit noise in 30 dimensions, axes
   * that are scaled by the roots of 0.3 to 3 in random order, and a rotation.
   */
  static Task synthetic(Backend backend, RandomGenerator random) {
    int n = TRAINING + TESTS;
    int[] y = random.ints(n, 0, CLASSES).toArray();
    int[] s = random.ints(n, 0, CLASSES).toArray();
    int[] order = RandomDraws.distinct(random, DIMENSION, DIMENSION);
    double[] x = RandomDraws.gaussian(random, n * DIMENSION);
    for (int i = 0; i < n; i++) {
      x[i * DIMENSION + y[i]] += SEPARATION;
      x[i * DIMENSION + CLASSES + s[i]] += SEPARATION;
      for (int j = 0; j < DIMENSION; j++) {
        x[i * DIMENSION + j] *= Math.sqrt(LEAST_SCALE * Math.pow(SCALES, order[j] / (DIMENSION - 1.0)));
      }
    }
    try (Matrix points = backend.matrix(n, DIMENSION, x);
        Matrix rotation = Stiefel.random(backend, DType.F64, DIMENSION, DIMENSION, random)) {
      Matrix train = backend.zeros(DType.F64, TRAINING, DIMENSION);
      Matrix test = backend.zeros(DType.F64, TESTS, DIMENSION);
      backend.gemm(NO, NO, 1, points.rowRange(0, TRAINING), rotation, 0, train);
      backend.gemm(NO, NO, 1, points.rowRange(TRAINING, TESTS), rotation, 0, test);
      return new Task(backend, train, Arrays.copyOf(y, TRAINING), Arrays.copyOf(s, TRAINING), test,
          Arrays.copyOfRange(y, TRAINING, n));
    }
  }

  /**
   * 500 samples of a data set, or half of it, in the 40 leading principal components; the others are for tests. The
   * nuisance factor is the decile of the sum of a sample's features: of the ink of a digit.
   */
  static Task of(LabelledData data, Backend backend, RandomGenerator random) {
    int[] order = RandomDraws.distinct(random, data.rows(), data.rows());
    int training = Math.min(DATA_TRAINING, data.rows() / 2);
    int[] y = data.requireLabels();
    try (Matrix all = backend.zeros(DType.F64, training, data.cols());
        Matrix rest = backend.zeros(DType.F64, data.rows() - training, data.cols())) {
      all.copyFrom(rows(data, order, 0, training));
      rest.copyFrom(rows(data, order, training, order.length));
      try (Embedding pca = Pca.embedding(backend, all, Math.min(COMPONENTS, Math.min(data.cols(), training - 1)))) {
        return new Task(backend, backend.copyOf(pca.points(), DType.F64),
            IntStream.range(0, training).map(i -> y[order[i]]).toArray(), levels(data, order, training),
            pca.map().orElseThrow().apply(backend, rest),
            IntStream.range(training, order.length).map(i -> y[order[i]]).toArray());
      }
    }
  }

  private static double[] rows(LabelledData data, int[] order, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> data.row(order[i])).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Deciles of the sums of features among the training samples. */
  private static int[] levels(LabelledData data, int[] order, int training) {
    double[] sums = IntStream.range(0, training).mapToDouble(i -> Arrays.stream(data.row(order[i])).sum()).toArray();
    double[] sorted = Arrays.stream(sums).sorted().toArray();
    return Arrays.stream(sums).mapToInt(sum -> {
      int rank = Arrays.binarySearch(sorted, sum);
      return rank * LEVELS / training;
    }).toArray();
  }

  /** The first few training samples of every class. */
  int[] labelled(int each) {
    int[] classes = Arrays.stream(labels).distinct().sorted().toArray();
    return Arrays.stream(classes).flatMap(label -> IntStream.range(0, labels.length)
        .filter(i -> labels[i] == label).limit(each)).sorted().toArray();
  }

  @Override
  public void close() {
    train.close();
    test.close();
  }
}
