package io.contraspectra.experiments.paper.grassmann;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Datasets;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Handwritten digits and their views: shifted by up to one pixel, with noise of 0.1 (grassmann.md 7). The training mean
 * is taken off everything; then the mean of the two view sets is taken off all views, since a loss without negatives
 * would learn the mean direction first. Close it.
 */
record DigitViews(Views views, Matrix train, int[] trainLabels, Matrix test, int[] testLabels)
    implements AutoCloseable {

  private static final int SIDE = 8;
  static final int DIMENSION = SIDE * SIDE;
  private static final int TRAINING = 1297;
  private static final double LARGEST_PIXEL = 16;
  private static final double NOISE = 0.1;

  static DigitViews draw(Backend backend, RandomGenerator random) {
    LabelledData digits = Datasets.digits();
    int[] order = RandomDraws.distinct(random, digits.rows(), digits.rows());
    double[][] rows = new double[order.length][];
    int[] labels = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      rows[i] = digits.row(order[i]);
      labels[i] = digits.requireLabels()[order[i]];
      for (int j = 0; j < DIMENSION; j++) {
        rows[i][j] /= LARGEST_PIXEL;
      }
    }
    double[][] first = views(rows, 0, random);
    double[][] second = views(rows, 0, random);
    double[][] negatives = views(rows, 1, random);
    double[] mean = mean(rows, TRAINING);
    double[] viewMean = mean(first, TRAINING);
    double[] otherMean = mean(second, TRAINING);
    for (int j = 0; j < DIMENSION; j++) {
      viewMean[j] = (viewMean[j] + otherMean[j]) / 2;
    }
    var views = new Views(backend, matrix(backend, first, 0, TRAINING, viewMean),
        matrix(backend, second, 0, TRAINING, viewMean), matrix(backend, negatives, 0, TRAINING, viewMean));
    return new DigitViews(views,
        matrix(backend, rows, 0, TRAINING, mean), Arrays.copyOf(labels, TRAINING),
        matrix(backend, rows, TRAINING, rows.length, mean),
        Arrays.copyOfRange(labels, TRAINING, labels.length));
  }

  /** A view of each training row, or of the row after it. */
  private static double[][] views(double[][] rows, int shift, RandomGenerator random) {
    var views = new double[TRAINING][];
    for (int i = 0; i < TRAINING; i++) {
      views[i] = view(rows[(i + shift) % TRAINING], random);
    }
    return views;
  }

  private static double[] view(double[] image, RandomGenerator random) {
    int down = random.nextInt(-1, 2);
    int right = random.nextInt(-1, 2);
    double[] view = RandomDraws.gaussian(random, DIMENSION);
    for (int row = 0; row < SIDE; row++) {
      for (int col = 0; col < SIDE; col++) {
        int fromRow = row - down;
        int fromCol = col - right;
        boolean inside = fromRow >= 0 && fromRow < SIDE && fromCol >= 0 && fromCol < SIDE;
        view[row * SIDE + col] = NOISE * view[row * SIDE + col] + (inside ? image[fromRow * SIDE + fromCol] : 0);
      }
    }
    return view;
  }

  private static double[] mean(double[][] rows, int count) {
    var mean = new double[DIMENSION];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < DIMENSION; j++) {
        mean[j] += rows[i][j] / count;
      }
    }
    return mean;
  }

  private static Matrix matrix(Backend backend, double[][] rows, int from, int to, double[] mean) {
    var flat = new double[(to - from) * DIMENSION];
    for (int i = from; i < to; i++) {
      for (int j = 0; j < DIMENSION; j++) {
        flat[(i - from) * DIMENSION + j] = rows[i][j] - mean[j];
      }
    }
    Matrix matrix = backend.zeros(DType.F64, to - from, DIMENSION);
    matrix.copyFrom(flat);
    return matrix;
  }

  @Override
  public void close() {
    views.close();
    train.close();
    test.close();
  }
}
