package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * InfoNCE of triplets: one positive and all N negatives for every anchor. With the softmax rows R over (positive, all
 * negatives), c⁺ = (R_0 − 1)/(tau N) and C = R_(1..N)/(tau N), {@code dU = c⁺ A + C B}, {@code dA = c⁺ U},
 * {@code dB = Cᵀ U} (ntk.md 1). Logits come and go in blocks of rows.
 */
final class TripletInfoNce extends SimilarityEvaluation {

  private final double tau;
  private final RowBlocks blocks;
  private final Matrix logits;
  private final Matrix logSumExp;
  private final Matrix positiveSimilarity;
  private final Matrix positiveCoefficient;

  TripletInfoNce(TripletLoss loss, Backend backend, DType dtype, long samples, long outputs) {
    super(loss, loss.similarity(), backend, dtype, samples, outputs);
    this.tau = loss.temperature();
    this.blocks = RowBlocks.of(samples, samples + 1);
    this.logits = workspace.matrix(dtype, blocks.height(), samples + 1);
    this.logSumExp = workspace.matrix(dtype, samples, 1);
    this.positiveSimilarity = workspace.matrix(dtype, samples, 1);
    this.positiveCoefficient = workspace.matrix(dtype, samples, 1);
  }

  static long bytes(TripletLoss loss, DType dtype, long samples, long outputs) {
    return bytes(loss.similarity(), dtype, 3 * samples, outputs)
        + Workspace.bytes(dtype, RowBlocks.of(samples, samples + 1).height(), samples + 1)
        + 3 * Workspace.bytes(dtype, samples, 1);
  }

  @Override
  double ofDotProducts(Matrix rows, Matrix gradient) {
    Matrix u = block(rows, 0);
    Matrix a = block(rows, 1);
    Matrix b = block(rows, 2);
    Matrix du = block(gradient, 0);
    Matrix db = block(gradient, 2);
    double scale = 1 / (tau * samples);
    backend.rowDots(u, a, positiveSimilarity);
    backend.fill(0, db);
    blocks.forEach((first, count) -> {
      Matrix part = logits.rowRange(0, count);
      Matrix positive = part.block(0, 0, count, 1);
      Matrix negative = part.block(0, 1, count, samples);
      Matrix anchors = u.rowRange(first, count);
      backend.add(1 / tau, positiveSimilarity.rowRange(first, count), 0, positive);
      TiledGemm.gemm(backend, NO, YES, 1 / tau, anchors, b, 0, negative);
      backend.softmaxRows(part, logSumExp.rowRange(first, count));
      backend.shift(-1, positive);
      backend.add(scale, positive, 0, positiveCoefficient.rowRange(first, count));
      TiledGemm.gemm(backend, NO, NO, scale, negative, b, 0, du.rowRange(first, count));
      TiledGemm.gemm(backend, YES, NO, scale, negative, anchors, 1, db);
    });
    Matrix da = block(gradient, 1);
    backend.multiplyColumn(positiveCoefficient, a, da);
    backend.add(1, da, 1, du);
    backend.multiplyColumn(positiveCoefficient, u, da);
    backend.add(-1 / tau, positiveSimilarity, 1, logSumExp);
    return backend.sum(logSumExp) / samples;
  }
}
