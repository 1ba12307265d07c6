package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.evaluate.LinearProbes;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.spectral.Embedding;
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
   * @param factor of the outputs: the penalty depends on their scale
   * @param least gains of this part of the largest or less count as zero
   */
  double error(Embedding encoder, double factor, double least, Labels labels) {
    Backend backend = task.backend();
    try (Matrix weights = backend.copyOf(encoder.map().orElseThrow().weights(), DType.F64);
        Matrix train = backend.zeros(DType.F64, task.train().rows(), weights.cols());
        Matrix test = backend.zeros(DType.F64, task.test().rows(), weights.cols())) {
      double floor = least * Arrays.stream(encoder.values()).max().orElse(0);
      for (int k = 0; k < encoder.values().length; k++) {
        if (encoder.values()[k] <= floor) {
          backend.fill(0, weights.block(0, k, weights.rows(), 1));
        }
      }
      // The mean of the samples is left in: the probe's intercept makes up for it.
      backend.gemm(NO, NO, factor, task.train(), weights, 0, train);
      backend.gemm(NO, NO, factor, task.test(), weights, 0, test);
      return error(backend, train, test, PENALTY, labels);
    }
  }

  /** The error of least squares on the samples themselves. */
  double rawError(Labels labels) {
    return error(task.backend(), task.train(), task.test(), 0, labels);
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
