package io.contraspectra.experiments.paper.grassmann;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Datasets;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Labelled rows and their views (grassmann.md 7): digits are shifted by up to one pixel, with noise of 0.1; of other
 * rows, which may be no images, a view has noise of a tenth of their spread. The training mean is taken off everything;
 * then the mean of the two view sets is taken off all views, since a loss without negatives would learn the mean
 * direction first. Close it.
 */
record LabelledViews(Views views, Matrix train, int[] trainLabels, Matrix test, int[] testLabels)
    implements AutoCloseable {

  private static final int SIDE = 8;
  private static final int ALL = 1797;
  private static final int TRAINING = 1297;
  private static final double LARGEST_PIXEL = 16;
  private static final double NOISE = 0.1;

  /** Fewer rows would leave too few to test on. */
  static final int FEWEST = 40;

  /** A view of a row. */
  private interface Augmentation {
    double[] of(double[] row, RandomGenerator random);
  }

  static LabelledViews digits(Backend backend, RandomGenerator random) {
    return draw(backend, Datasets.digits(), 1 / LARGEST_PIXEL, LabelledViews::shifted, random);
  }

  /** Of other data; of large files as many rows as there are digits, at random. */
  static LabelledViews of(Backend backend, LabelledData data, RandomGenerator random) {
    if (data.rows() < FEWEST || data.cols() < 2) {
      throw new InvalidArgument(data.name() + " has " + data.rows() + " rows of " + data.cols()
          + " columns; grassmann-dynamics takes at least " + FEWEST + " rows of 2");
    }
    double noise = NOISE * spread(data);
    return draw(backend, data, 1, (row, draws) -> {
      double[] view = RandomDraws.gaussian(draws, row.length);
      for (int j = 0; j < view.length; j++) {
        view[j] = row[j] + noise * view[j];
      }
      return view;
    }, random);
  }

  /** d. */
  int dimension() {
    return Math.toIntExact(train.cols());
  }

  /** The root mean square of what differs from the columns' means. */
  private static double spread(LabelledData data) {
    var rows = new double[data.rows()][];
    Arrays.setAll(rows, data::row);
    double[] mean = mean(rows, rows.length);
    double squares = 0;
    for (double[] row : rows) {
      for (int j = 0; j < mean.length; j++) {
        squares += (row[j] - mean[j]) * (row[j] - mean[j]);
      }
    }
    return Math.sqrt(squares / ((double) rows.length * mean.length));
  }

  private static LabelledViews draw(
      Backend backend, LabelledData data, double scale, Augmentation augmentation, RandomGenerator random) {
    int[] order = RandomDraws.distinct(random, Math.min(ALL, data.rows()), data.rows());
    int training = (int) ((long) order.length * TRAINING / ALL);
    double[][] rows = new double[order.length][];
    int[] labels = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      rows[i] = Arrays.stream(data.row(order[i])).map(x -> scale * x).toArray();
      labels[i] = data.requireLabels()[order[i]];
    }
    double[][] first = views(rows, training, 0, augmentation, random);
    double[][] second = views(rows, training, 0, augmentation, random);
    double[][] negatives = views(rows, training, 1, augmentation, random);
    double[] mean = mean(rows, training);
    double[] viewMean = mean(first, training);
    double[] otherMean = mean(second, training);
    for (int j = 0; j < mean.length; j++) {
      viewMean[j] = (viewMean[j] + otherMean[j]) / 2;
    }
    var views = new Views(backend, matrix(backend, first, 0, training, viewMean),
        matrix(backend, second, 0, training, viewMean), matrix(backend, negatives, 0, training, viewMean));
    return new LabelledViews(views,
        matrix(backend, rows, 0, training, mean), Arrays.copyOf(labels, training),
        matrix(backend, rows, training, rows.length, mean),
        Arrays.copyOfRange(labels, training, labels.length));
  }

  /** A view of each training row, or of the row after it. */
  private static double[][] views(
      double[][] rows, int training, int shift, Augmentation augmentation, RandomGenerator random) {
    var views = new double[training][];
    for (int i = 0; i < training; i++) {
      views[i] = augmentation.of(rows[(i + shift) % training], random);
    }
    return views;
  }

  private static double[] shifted(double[] image, RandomGenerator random) {
    int down = random.nextInt(-1, 2);
    int right = random.nextInt(-1, 2);
    double[] view = RandomDraws.gaussian(random, SIDE * SIDE);
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
    var mean = new double[rows[0].length];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += rows[i][j] / count;
      }
    }
    return mean;
  }

  private static Matrix matrix(Backend backend, double[][] rows, int from, int to, double[] mean) {
    var flat = new double[(to - from) * mean.length];
    for (int i = from; i < to; i++) {
      for (int j = 0; j < mean.length; j++) {
        flat[(i - from) * mean.length + j] = rows[i][j] - mean[j];
      }
    }
    Matrix matrix = backend.zeros(DType.F64, to - from, mean.length);
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
