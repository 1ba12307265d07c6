package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * The cross-entropy of the rows of A Bᵀ/tau with target i in row i, {@code mean_i(logsumexp_j(a_i·b_j/tau) −
 * a_i·b_i/tau)}. With R the softmax rows less the identity, {@code dA = R B/(tau N)}, {@code dB = Rᵀ A/(tau N)}. Logits
 * come and go in blocks of rows.
 */
final class CrossEntropy {

  private final Backend backend;
  private final double tau;
  private final long samples;
  private final RowBlocks blocks;
  private final Matrix logits;
  private final Matrix logSumExp;
  private final Matrix target;

  CrossEntropy(Backend backend, Workspace workspace, DType dtype, double tau, long samples) {
    this.backend = backend;
    this.tau = tau;
    this.samples = samples;
    this.blocks = RowBlocks.of(samples, samples);
    this.logits = workspace.matrix(dtype, blocks.height(), samples);
    this.logSumExp = workspace.matrix(dtype, samples, 1);
    this.target = workspace.matrix(dtype, samples, 1);
  }

  static long bytes(DType dtype, long samples) {
    return Workspace.bytes(dtype, RowBlocks.of(samples, samples).height(), samples)
        + 2 * Workspace.bytes(dtype, samples, 1);
  }

  /** Adds {@code weight} times the gradients to dA and dB, N x K each; returns the value, not weighted. */
  double add(double weight, Matrix a, Matrix b, Matrix da, Matrix db) {
    double scale = weight / (tau * samples);
    blocks.forEach((first, count) -> {
      Matrix part = logits.rowRange(0, count);
      Matrix anchors = a.rowRange(first, count);
      TiledGemm.gemm(backend, NO, YES, 1 / tau, anchors, b, 0, part);
      backend.softmaxRows(part, logSumExp.rowRange(first, count));
      backend.shiftDiagonal(-1, part.block(0, first, count, count));
      TiledGemm.gemm(backend, NO, NO, scale, part, b, 1, da.rowRange(first, count));
      TiledGemm.gemm(backend, YES, NO, scale, part, anchors, 1, db);
    });
    backend.rowDots(a, b, target);
    backend.add(-1 / tau, target, 1, logSumExp);
    return backend.sum(logSumExp) / samples;
  }
}
