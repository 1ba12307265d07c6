package io.contraspectra.experiments.paper.gmm;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.evaluate.Columns;
import io.contraspectra.core.evaluate.KMeans;
import io.contraspectra.core.evaluate.NeighbourClassifier;
import io.contraspectra.core.evaluate.RandIndex;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.Pca;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What a projection is worth once its output is white, so that only its subspace counts.
 *
 * @param neighbours accuracy of nearest neighbours on the test samples
 * @param clusters adjusted Rand index of k-means on the test samples
 */
record Score(double neighbours, double clusters) {

  private static final int RESTARTS = 10;

  /**
   * Samples with labels.
   *
   * @param train n x d, whose labels the classifier knows
   * @param test m x d
   */
  record Samples(Matrix train, int[] trainLabels, Matrix test, int[] testLabels) implements AutoCloseable {

    @Override
    public void close() {
      train.close();
      test.close();
    }
  }

  /**
   * Projects, whitens by the training samples, and evaluates.
   *
   * @param directions d x r, of rank r
   * @param neighbours that vote
   * @param random draws the seeds of k-means
   */
  static Score of(Backend backend, Samples samples, Matrix directions, int neighbours, RandomGenerator random) {
    try (Matrix train = Frames.product(backend, NO, NO, samples.train(), directions);
        Matrix test = Frames.product(backend, NO, NO, samples.test(), directions);
        Embedding turned = Pca.embedding(backend, train, Math.toIntExact(train.cols()));
        Matrix whiteTrain = backend.copyOf(turned.points(), DType.F64);
        Matrix whiteTest = turned.map().orElseThrow().apply(backend, test)) {
      Columns.standardise(backend, whiteTrain, whiteTest);
      double accuracy = new NeighbourClassifier(backend, whiteTrain, samples.trainLabels(), neighbours)
          .accuracy(whiteTest, samples.testLabels());
      int classes = (int) Arrays.stream(samples.trainLabels()).distinct().count();
      int[] clusters = KMeans.fit(backend, whiteTest, classes, RESTARTS, random).labels();
      return new Score(accuracy, RandIndex.adjusted(clusters, samples.testLabels()));
    }
  }
}
