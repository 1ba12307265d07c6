package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * Value and gradient of a loss on N triplets.
 *
 * <p>With u the anchors, a the positives and b the negatives (unit rows for cosine losses), c⁺_n = dL/dsp_n and
 * c⁻_n = dL/dsq_n, the pairwise forms have {@code dU_n = c⁺_n a_n + c⁻_n b_n}, {@code dA_n = c⁺_n u_n},
 * {@code dB_n = c⁻_n u_n} (ntk.md 1).
 */
final class TripletEvaluation extends BlockEvaluation {

  private final TripletLoss loss;
  private final CosineRows[] cosine;
  private final Matrix positiveSimilarity;
  private final Matrix negativeSimilarity;
  private final Matrix column;
  private final Matrix scratch;

  /** All 2N views and their 2N x 2N similarities for NT-Xent; N x (N + 1) logits for InfoNCE; empty otherwise. */
  private final Matrix views;
  private final Matrix logits;
  private final Matrix logSumExp;

  TripletEvaluation(TripletLoss loss, Backend backend, DType dtype, long samples, long outputs) {
    super(loss, backend, dtype, samples, outputs);
    this.loss = loss;
    boolean ntxent = loss.form() == TripletForm.NTXENT;
    long logitRows = logitRows(loss, samples);
    long logitCols = logitCols(loss, samples);
    this.cosine = new CosineRows[cosines(loss)];
    for (int i = 0; i < cosine.length; i++) {
      cosine[i] = new CosineRows(backend, workspace, dtype, samples, outputs);
    }
    this.positiveSimilarity = workspace.matrix(dtype, samples, 1);
    this.negativeSimilarity = workspace.matrix(dtype, samples, 1);
    this.column = workspace.matrix(dtype, samples, 1);
    this.scratch = workspace.matrix(dtype, samples, outputs);
    this.views = workspace.matrix(dtype, ntxent ? 2 * samples : 0, outputs);
    this.logits = workspace.matrix(dtype, logitRows, logitCols);
    this.logSumExp = workspace.matrix(dtype, logitRows, 1);
  }

  /** Bytes of the buffers for N samples of K outputs. */
  static long workspaceBytes(TripletLoss loss, DType dtype, long samples, long outputs) {
    return cosines(loss) * CosineRows.bytes(dtype, samples, outputs)
        + 3 * Workspace.bytes(dtype, samples, 1)
        + Workspace.bytes(dtype, samples, outputs)
        + Workspace.bytes(dtype, loss.form() == TripletForm.NTXENT ? 2 * samples : 0, outputs)
        + Workspace.bytes(dtype, logitRows(loss, samples), logitCols(loss, samples))
        + Workspace.bytes(dtype, logitRows(loss, samples), 1);
  }

  private static int cosines(TripletLoss loss) {
    return loss.similarity() == Similarity.COS ? 3 : 0;
  }

  private static long logitRows(TripletLoss loss, long samples) {
    return switch (loss.form()) {
      case NTXENT -> 2 * samples;
      case INFONCE -> samples;
      default -> 0;
    };
  }

  private static long logitCols(TripletLoss loss, long samples) {
    return loss.form() == TripletForm.NTXENT ? 2 * samples : samples + 1;
  }

  @Override
  double value(Matrix embeddings, Matrix gradient) {
    Matrix f = block(embeddings, 0);
    Matrix p = block(embeddings, 1);
    Matrix q = block(embeddings, 2);
    Matrix df = block(gradient, 0);
    Matrix dp = block(gradient, 1);
    Matrix dq = block(gradient, 2);
    boolean cos = loss.similarity() == Similarity.COS;
    Matrix u = cos ? cosine[0].normalise(f) : f;
    Matrix a = cos ? cosine[1].normalise(p) : p;
    Matrix b = cos ? cosine[2].normalise(q) : q;
    double value = switch (loss.form()) {
      case LINEAR, LOGISTIC, EXP, SPECTRAL -> pairwise(u, a, b, df, dp, dq);
      case INFONCE -> infoNce(u, a, b, df, dp, dq);
      case NTXENT -> ntXent(u, a, df, dp, dq);
    };
    if (cos) {
      cosine[0].pullBack(df);
      cosine[1].pullBack(dp);
      cosine[2].pullBack(dq);
    }
    return value;
  }

  @Override
  public long zeroRows() {
    long count = 0;
    for (CosineRows rows : cosine) {
      count += rows.zeroRows();
    }
    return count;
  }

  private double pairwise(Matrix u, Matrix a, Matrix b, Matrix du, Matrix da, Matrix db) {
    Matrix sp = positiveSimilarity;
    Matrix sq = negativeSimilarity;
    backend.rowDots(u, a, sp);
    backend.rowDots(u, b, sq);
    double value = coefficients(sp, sq);
    // sp and sq hold c⁺ and c⁻ from here on.
    backend.multiplyColumn(sp, a, du);
    backend.multiplyColumn(sq, b, scratch);
    backend.add(1, scratch, 1, du);
    backend.multiplyColumn(sp, u, da);
    backend.multiplyColumn(sq, u, db);
    return value;
  }

  /** Replaces the similarities sp and sq by the loss's derivatives with respect to them; returns the loss. */
  private double coefficients(Matrix sp, Matrix sq) {
    double tau = loss.temperature();
    double n = samples;
    switch (loss.form()) {
      case LINEAR -> {
        double value = (backend.sum(sq) - backend.sum(sp)) / n;
        backend.fill(-1 / n, sp);
        backend.fill(1 / n, sq);
        return value;
      }
      case SPECTRAL -> {
        double value = (backend.dot(sq, sq) - 2 * backend.sum(sp)) / n;
        backend.fill(-2 / n, sp);
        backend.scale(2 / n, sq);
        return value;
      }
      case LOGISTIC -> {
        return ofDifference(UnaryFunction.SOFTPLUS, UnaryFunction.LOGISTIC, sp, sq, tau);
      }
      case EXP -> {
        return ofDifference(UnaryFunction.EXP, UnaryFunction.EXP, sp, sq, tau);
      }
      default -> throw new AssertionError(loss.form());
    }
  }

  /** mean(g(m)) with m = (sq − sp)/tau, and c⁻ = g'(m)/(tau N) = −c⁺. */
  private double ofDifference(
      UnaryFunction g, UnaryFunction derivative, Matrix sp, Matrix sq, double tau) {
    backend.add(-1 / tau, sp, 1 / tau, sq);
    backend.map(g, sq, column);
    double value = backend.sum(column) / samples;
    backend.map(derivative, sq, sq);
    backend.scale(1 / (tau * samples), sq);
    backend.add(-1, sq, 0, sp);
    return value;
  }

  /** With the softmax rows R over (positive, all negatives): c⁺ = (R_0 − 1)/(tau N), C = R_(1..N)/(tau N). */
  private double infoNce(Matrix u, Matrix a, Matrix b, Matrix du, Matrix da, Matrix db) {
    double tau = loss.temperature();
    Matrix positive = logits.block(0, 0, samples, 1);
    Matrix negative = logits.block(0, 1, samples, samples);
    backend.rowDots(u, a, positiveSimilarity);
    backend.add(1 / tau, positiveSimilarity, 0, positive);
    backend.gemm(NO, YES, 1 / tau, u, b, 0, negative);
    backend.softmaxRows(logits, logSumExp);
    backend.add(-1 / tau, positiveSimilarity, 1, logSumExp);
    double value = backend.sum(logSumExp) / samples;

    backend.shift(-1, positive);
    backend.add(1 / (tau * samples), positive, 0, column);
    backend.multiplyColumn(column, a, du);
    backend.gemm(NO, NO, 1 / (tau * samples), negative, b, 1, du);
    backend.multiplyColumn(column, u, da);
    backend.gemm(YES, NO, 1 / (tau * samples), negative, u, 0, db);
    return value;
  }

  /** With Z = [U; A] and R the softmax rows without the diagonal, less 1 at the positives: dZ = (R + Rᵀ)Z/(2N tau). */
  private double ntXent(Matrix u, Matrix a, Matrix du, Matrix da, Matrix db) {
    double tau = loss.temperature();
    backend.copy(u, views.rowRange(0, samples));
    backend.copy(a, views.rowRange(samples, samples));
    backend.gemm(NO, YES, 1 / tau, views, views, 0, logits);
    backend.shiftDiagonal(Double.NEGATIVE_INFINITY, logits);
    backend.softmaxRows(logits, logSumExp);
    backend.rowDots(u, a, positiveSimilarity);
    double value = (backend.sum(logSumExp) - 2 * backend.sum(positiveSimilarity) / tau) / (2 * samples);

    backend.shiftDiagonal(-1, logits.block(0, samples, samples, samples));
    backend.shiftDiagonal(-1, logits.block(samples, 0, samples, samples));
    symmetrised(0, du, tau);
    symmetrised(samples, da, tau);
    backend.fill(0, db);
    return value;
  }

  /** Rows {@code from} to {@code from + N - 1} of (R + Rᵀ)Z/(2N tau). */
  private void symmetrised(long from, Matrix target, double tau) {
    double scale = 1 / (2 * samples * tau);
    backend.gemm(NO, NO, scale, logits.rowRange(from, samples), views, 0, target);
    backend.gemm(YES, NO, scale, logits.block(0, from, 2 * samples, samples), views, 1, target);
  }
}
