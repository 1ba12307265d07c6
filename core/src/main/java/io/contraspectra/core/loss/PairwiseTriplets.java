package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * The triplet losses in which a triplet meets no other: with u the anchors, a the positives, b the negatives,
 * c⁺_n = dL/dsp_n and c⁻_n = dL/dsq_n, {@code dU_n = c⁺_n a_n + c⁻_n b_n}, {@code dA_n = c⁺_n u_n},
 * {@code dB_n = c⁻_n u_n} (ntk.md 1).
 */
final class PairwiseTriplets extends SimilarityEvaluation {

  private final TripletLoss loss;
  private final Matrix positiveSimilarity;
  private final Matrix negativeSimilarity;
  private final Matrix column;
  private final Matrix scratch;

  PairwiseTriplets(TripletLoss loss, Backend backend, DType dtype, long samples, long outputs) {
    super(loss, loss.similarity(), backend, dtype, samples, outputs);
    this.loss = loss;
    this.positiveSimilarity = workspace.matrix(dtype, samples, 1);
    this.negativeSimilarity = workspace.matrix(dtype, samples, 1);
    this.column = workspace.matrix(dtype, samples, 1);
    this.scratch = workspace.matrix(dtype, samples, outputs);
  }

  static long bytes(TripletLoss loss, DType dtype, long samples, long outputs) {
    return bytes(loss.similarity(), dtype, 3 * samples, outputs)
        + 3 * Workspace.bytes(dtype, samples, 1)
        + Workspace.bytes(dtype, samples, outputs);
  }

  @Override
  double ofDotProducts(Matrix rows, Matrix gradient) {
    Matrix u = block(rows, 0);
    Matrix a = block(rows, 1);
    Matrix b = block(rows, 2);
    Matrix du = block(gradient, 0);
    backend.rowDots(u, a, positiveSimilarity);
    backend.rowDots(u, b, negativeSimilarity);
    double value = coefficients(positiveSimilarity, negativeSimilarity);
    // The similarities' places hold c⁺ and c⁻ from here on.
    backend.multiplyColumn(positiveSimilarity, a, du);
    backend.multiplyColumn(negativeSimilarity, b, scratch);
    backend.add(1, scratch, 1, du);
    backend.multiplyColumn(positiveSimilarity, u, block(gradient, 1));
    backend.multiplyColumn(negativeSimilarity, u, block(gradient, 2));
    return value;
  }

  /** Replaces the similarities sp and sq by the loss's derivatives with respect to them; returns the loss. */
  private double coefficients(Matrix sp, Matrix sq) {
    double n = samples;
    return switch (loss.form()) {
      case LINEAR -> {
        double value = (backend.sum(sq) - backend.sum(sp)) / n;
        backend.fill(-1 / n, sp);
        backend.fill(1 / n, sq);
        yield value;
      }
      case SPECTRAL -> {
        double value = (backend.dot(sq, sq) - 2 * backend.sum(sp)) / n;
        backend.fill(-2 / n, sp);
        backend.scale(2 / n, sq);
        yield value;
      }
      case LOGISTIC -> ofDifference(UnaryFunction.SOFTPLUS, UnaryFunction.LOGISTIC, sp, sq);
      case EXP -> ofDifference(UnaryFunction.EXP, UnaryFunction.EXP, sp, sq);
      case INFONCE, NTXENT -> throw new AssertionError(loss.form());
    };
  }

  /** mean(g(m)) with m = (sq − sp)/tau, and c⁻ = g'(m)/(tau N) = −c⁺. */
  private double ofDifference(UnaryFunction g, UnaryFunction derivative, Matrix sp, Matrix sq) {
    double tau = loss.temperature();
    backend.add(-1 / tau, sp, 1 / tau, sq);
    backend.map(g, sq, column);
    double value = backend.sum(column) / samples;
    backend.map(derivative, sq, sq);
    backend.scale(1 / (tau * samples), sq);
    backend.add(-1, sq, 0, sp);
    return value;
  }
}
