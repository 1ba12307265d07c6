package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Labelled images in random order: of 1797 at most the first 1297 to train on, the other 500 to judge (alphacl.md 9);
 * of fewer in this proportion. Close it.
 *
 * @param training pixels, divided by the largest magnitude of any
 * @param all the training images and, below them, those held out
 * @param labels of all
 * @param few the first ten training images of every class
 */
record ImageSplit(LabelledData training, Matrix all, int[] labels, int[] few) implements AutoCloseable {

  private static final int MOST = 1797;
  private static final int MOST_TRAINING = 1297;
  private static final int OF_EACH_CLASS = 10;

  /** Another split of the data for every stream. */
  static ImageSplit draw(LabelledData data, Backend backend, RandomGenerator random) {
    int[] order = RandomDraws.distinct(random, Math.min(data.rows(), MOST), data.rows());
    int training = (int) Math.round((double) MOST_TRAINING * order.length / MOST);
    int d = data.cols();
    double brightest = Arrays.stream(data.features()).map(Math::abs).max().orElseThrow();
    double unit = brightest > 0 ? brightest : 1;
    var pixels = new double[order.length * d];
    for (int i = 0; i < order.length; i++) {
      for (int j = 0; j < d; j++) {
        pixels[i * d + j] = data.features()[order[i] * d + j] / unit;
      }
    }
    int[] labels = Arrays.stream(order).map(row -> data.requireLabels()[row]).toArray();
    return new ImageSplit(new LabelledData(data.name(), training, d, Arrays.copyOf(pixels, training * d),
        Arrays.copyOf(labels, training)), backend.matrix(order.length, d, pixels), labels, few(labels, training));
  }

  private static int[] few(int[] labels, int training) {
    return Arrays.stream(labels).distinct().sorted().flatMap(label -> IntStream.range(0, training)
        .filter(i -> labels[i] == label).limit(OF_EACH_CLASS)).toArray();
  }

  /** The rows of the training images. */
  Matrix fitted(Matrix rows) {
    return rows.rowRange(0, training.rows());
  }

  int[] fittedLabels() {
    return Arrays.copyOf(labels, training.rows());
  }

  /** The rows of the images held out. */
  Matrix judged(Matrix rows) {
    return rows.rowRange(training.rows(), rows.rows() - training.rows());
  }

  int[] judgedLabels() {
    return Arrays.copyOfRange(labels, training.rows(), labels.length);
  }

  /** Copies of the rows of the few images; the caller closes them. */
  Matrix fewRows(Backend backend, Matrix rows) {
    Matrix copies = backend.zeros(DType.F64, few.length, rows.cols());
    for (int i = 0; i < few.length; i++) {
      backend.copy(rows.rowRange(few[i], 1), copies.rowRange(i, 1));
    }
    return copies;
  }

  int[] fewLabels() {
    return Arrays.stream(few).map(row -> labels[row]).toArray();
  }

  @Override
  public void close() {
    all.close();
  }
}
