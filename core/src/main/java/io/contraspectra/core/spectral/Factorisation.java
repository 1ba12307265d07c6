package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/** Embeddings {@code Z = E diag(sqrt(theta₊))} from the top eigenpairs of a matrix that {@code Z Zᵀ} approximates. */
final class Factorisation {

  /** Eigenvalues up to this fraction of the largest one are rounding. */
  static final double POSITIVE = 1e-9;

  private Factorisation() {}

  /** {@code max(theta, 0)}. */
  static double[] positiveParts(double[] theta) {
    return Arrays.stream(theta).map(value -> Math.max(value, 0)).toArray();
  }

  static double sumOfSquares(double[] values) {
    return Arrays.stream(values).map(value -> value * value).sum();
  }

  /**
   * Points {@code sqrt(gain_k) e_k}; tells of cut eigenspaces and of vanishing dimensions.
   *
   * @param gains of every mode
   * @param scale size of the largest eigenvalues
   */
  static Embedding embedding(Backend backend, Modes modes, double[] gains, double scale, OptionalDouble optimum,
      Findings findings) {
    int k = gains.length;
    report(findings, modes.values(), modes.next(), gains, scale);
    double[][] columns = modes.vectors();
    Columns.orient(columns);
    for (int i = 0; i < k; i++) {
      Columns.scale(columns[i], Math.sqrt(gains[i]));
    }
    Matrix points = Columns.matrix(backend, columns, columns[0].length);
    return new Embedding(points, modes.values(), gains, Optional.empty(), optimum, findings.list());
  }

  /** The same for linear encoders; gains of modes that do not exist are zero. */
  static Embedding linear(WhitenedData data, LinearModes modes, double[] gains, OptionalDouble optimum,
      Findings findings) {
    data.report(findings);
    report(findings, modes.values(), modes.next(), gains, modes.scale());
    double[][] weights = modes.padded(gains.length);
    Columns.orient(weights);
    for (int i = 0; i < gains.length; i++) {
      Columns.scale(weights[i], Math.sqrt(gains[i]));
    }
    return data.embedding(weights, modes.values(), gains, optimum, findings);
  }

  private static void report(Findings findings, double[] theta, double next, double[] gains, double scale) {
    int used = theta.length;
    if (used > 0 && gains[used - 1] > 0) {
      findings.cut(theta[used - 1], next, used, scale);
    }
    findings.collapsed(gains, "there are no more positive eigenvalues");
  }
}
