package io.contraspectra.core.evaluate;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;

/**
 * A linear map from features to one score a class; the class of the highest score wins, the smaller one of equals.
 * Owns its weights; close it. Thread-safe until then.
 */
public final class LinearClassifier implements AutoCloseable {

  private final Backend backend;
  private final Classes classes;
  private final Matrix weights;
  private final Matrix intercept;

  LinearClassifier(Backend backend, Classes classes, Matrix weights, Matrix intercept) {
    this.backend = backend;
    this.classes = classes;
    this.weights = weights;
    this.intercept = intercept;
  }

  /** W, d x C; the classes stand in ascending order. */
  public Matrix weights() {
    return weights;
  }

  /** b, 1 x C. */
  public Matrix intercept() {
    return intercept;
  }

  /** {@code X W + 1 b}, n x C; to be closed by the caller. */
  public Matrix scores(Matrix x) {
    if (x.cols() != weights.rows()) {
      throw new ShapeMismatch("linear probe: " + x.describe("X") + " must have " + weights.rows()
          + " columns, as what it was fitted to");
    }
    Matrix scores = backend.zeros(weights.dtype(), x.rows(), weights.cols());
    backend.gemm(NO, NO, 1, x, weights, 0, scores);
    backend.addRow(1, intercept, scores);
    return scores;
  }

  /** The class of every row. */
  public int[] classify(Matrix x) {
    try (Matrix scores = scores(x)) {
      double[] all = scores.toArray();
      int count = classes.count();
      var predicted = new int[Math.toIntExact(x.rows())];
      for (int i = 0; i < predicted.length; i++) {
        int best = 0;
        for (int c = 1; c < count; c++) {
          best = all[i * count + c] > all[i * count + best] ? c : best;
        }
        predicted[i] = classes.name(best);
      }
      return predicted;
    }
  }

  /** The part of the rows that get their own label. */
  public double accuracy(Matrix x, int[] labels) {
    Classes.requireOneEach("linear probe", x, labels);
    return Classes.accuracy(classify(x), labels);
  }

  @Override
  public void close() {
    weights.close();
    intercept.close();
  }
}
