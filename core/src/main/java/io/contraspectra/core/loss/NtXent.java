package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * NT-Xent of 2N views Z = [A; B], each the other's positive: the mean over i of
 * {@code logsumexp_(j≠i)(z_i·z_j/tau) − z_i·z_pos(i)/tau}. With R the softmax rows without the diagonal, less 1 at the
 * positives, {@code dZ = (R + Rᵀ)Z/(2N tau)} (ntk.md 1). Logits come and go in blocks of rows.
 */
final class NtXent {

  private final Backend backend;
  private final double tau;
  private final long samples;
  private final RowBlocks blocks;
  private final Matrix logits;
  private final Matrix logSumExp;
  private final Matrix positiveSimilarity;

  NtXent(Backend backend, Workspace workspace, DType dtype, double tau, long samples) {
    this.backend = backend;
    this.tau = tau;
    this.samples = samples;
    this.blocks = RowBlocks.of(samples, 2 * samples);
    this.logits = workspace.matrix(dtype, blocks.height(), 2 * samples);
    this.logSumExp = workspace.matrix(dtype, 2 * samples, 1);
    this.positiveSimilarity = workspace.matrix(dtype, samples, 1);
  }

  static long bytes(DType dtype, long samples) {
    return Workspace.bytes(dtype, RowBlocks.of(samples, 2 * samples).height(), 2 * samples)
        + Workspace.bytes(dtype, 2 * samples, 1)
        + Workspace.bytes(dtype, samples, 1);
  }

  /** The loss of the views Z, 2N x K; overwrites dZ. */
  double evaluate(Matrix z, Matrix dz) {
    backend.fill(0, dz);
    rows(0, z, dz);
    rows(samples, z, dz);
    backend.rowDots(z.rowRange(0, samples), z.rowRange(samples, samples), positiveSimilarity);
    for (long view = 0; view < 2; view++) {
      backend.add(-1 / tau, positiveSimilarity, 1, logSumExp.rowRange(view * samples, samples));
    }
    return backend.sum(logSumExp) / (2 * samples);
  }

  /** The N rows from {@code start} on, whose positives are N rows further on, or back. */
  private void rows(long start, Matrix z, Matrix dz) {
    double scale = 1 / (2 * samples * tau);
    blocks.forEach((first, count) -> {
      Matrix part = logits.rowRange(0, count);
      Matrix anchors = z.rowRange(start + first, count);
      TiledGemm.gemm(backend, NO, YES, 1 / tau, anchors, z, 0, part);
      backend.shiftDiagonal(Double.NEGATIVE_INFINITY, part.block(0, start + first, count, count));
      backend.softmaxRows(part, logSumExp.rowRange(start + first, count));
      backend.shiftDiagonal(-1, part.block(0, samples - start + first, count, count));
      TiledGemm.gemm(backend, NO, NO, scale, part, z, 1, dz.rowRange(start + first, count));
      TiledGemm.gemm(backend, YES, NO, scale, part, anchors, 1, dz);
    });
  }
}
