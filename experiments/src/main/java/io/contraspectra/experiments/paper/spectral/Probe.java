package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.evaluate.LinearProbes;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Test errors of a ridge regression on centred one-hot labels, on all training labels or on five a class. */
final class Probe {

  private static final double PENALTY = 0.01;
  private static final int FEW = 5;

  private final Task task;
  private final int[] few;
  private final int[] fewLabels;

  Probe(Task task) {
    this.task = task;
    this.few = task.labelled(FEW);
    this.fewLabels = Arrays.stream(few).map(i -> task.labels()[i]).toArray();
  }

  /** How many labels a probe is trained on. */
  enum Labels {
    FEW("5 labels a class"), ALL("all labels");

    private final String text;

    Labels(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /**
   * The error on the outputs of an encoder.
   *
   * @param weights D x K; the penalty depends on their scale
   */
  double error(Matrix weights, Labels labels) {
    Backend backend = task.backend();
    // The mean of the samples is left in: the probe's intercept makes up for it.
    try (Matrix train = product(task.train(), weights); Matrix test = product(task.test(), weights)) {
      return error(backend, train, test, PENALTY, labels);
    }
  }

  /** The error of least squares on the samples themselves. */
  double rawError(Labels labels) {
    return error(task.backend(), task.train(), task.test(), 0, labels);
  }

  /** By which part the training residual of least squares is larger on an encoder's outputs than on the samples. */
  double excess(Matrix weights) {
    try (Matrix train = product(task.train(), weights)) {
      return residual(train) / residual(task.train()) - 1;
    }
  }

  private double residual(Matrix x) {
    int[] classes = Arrays.stream(task.labels()).distinct().sorted().toArray();
    try (var classifier = LinearProbes.ridge(task.backend(), x, task.labels(), 0);
        Matrix scores = classifier.scores(x)) {
      double[] deviations = scores.toArray();
      for (int i = 0; i < task.labels().length; i++) {
        deviations[i * classes.length + Arrays.binarySearch(classes, task.labels()[i])] -= 1;
      }
      return Arrays.stream(deviations).map(deviation -> deviation * deviation).sum();
    }
  }

  private Matrix product(Matrix x, Matrix weights) {
    Matrix outputs = task.backend().zeros(DType.F64, x.rows(), weights.cols());
    task.backend().gemm(NO, NO, 1, x, weights, 0, outputs);
    return outputs;
  }

  private double error(Backend backend, Matrix train, Matrix test, double penalty, Labels labels) {
    boolean all = labels == Labels.ALL;
    int[] y = all ? task.labels() : fewLabels;
    int[] chosen = all ? IntStream.range(0, y.length).toArray() : few;
    try (Matrix z = backend.zeros(DType.F64, chosen.length, train.cols())) {
      for (int i = 0; i < chosen.length; i++) {
        backend.copy(train.rowRange(chosen[i], 1), z.rowRange(i, 1));
      }
      try (var classifier = LinearProbes.ridge(backend, z, y, penalty * y.length)) {
        return 1 - classifier.accuracy(test, task.testLabels());
      }
    }
  }
}
