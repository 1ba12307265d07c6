package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.Optional;

/**
 * The cross-entropy between the rows of a graph, which give every sample its targets, and the softmax over all other
 * samples: {@code −(1/N) Σ_ij P_ij log softmax_(j≠i)(s_ij)}, with P the rows of G divided by their sums, diagonal left
 * out. A sample without neighbours has no targets and adds nothing (spectral.md 3).
 */
final class GraphSoftmax {

  private final Backend backend;
  private final Matrix graph;
  private final RowBlocks blocks;
  private final Negatives others;
  private final Matrix logits;
  private final Matrix targets;
  private final Matrix ones;
  private final Matrix column;
  private final Matrix crossEntropy;
  private final HostNumbers hostSums = new HostNumbers();
  private final HostNumbers hostPresent = new HostNumbers();

  GraphSoftmax(String loss, Backend backend, Workspace workspace, Matrix graph) {
    long n = graph.rows();
    DType dtype = graph.dtype();
    this.backend = backend;
    this.graph = graph;
    this.blocks = RowBlocks.of(n, n);
    this.others = new Negatives(loss, backend, workspace, dtype, n, false, blocks.height(), Optional.empty());
    this.logits = workspace.matrix(dtype, blocks.height(), n);
    this.targets = workspace.matrix(dtype, blocks.height(), n);
    this.ones = workspace.matrix(dtype, n, 1);
    this.column = workspace.matrix(dtype, blocks.height(), 1);
    this.crossEntropy = workspace.matrix(dtype, n, 1);
  }

  static long bytes(DType dtype, long samples) {
    long height = RowBlocks.of(samples, samples).height();
    return Negatives.bytes(dtype, samples, height, false)
        + 2 * Workspace.bytes(dtype, height, samples)
        + 2 * Workspace.bytes(dtype, samples, 1)
        + Workspace.bytes(dtype, height, 1);
  }

  /** Fills a block of logits s_ij, i from {@code first} on. */
  interface Logits {
    void fill(long first, Matrix block);
  }

  /** Takes a block of the derivatives N dL/ds_ij, i from {@code first} on. */
  interface Derivatives {
    void take(long first, Matrix block);
  }

  /** The loss. */
  double evaluate(Logits similarities, Derivatives derivatives) {
    backend.fill(1, ones);
    blocks.forEach((first, count) -> {
      Matrix part = logits.rowRange(0, count);
      similarities.fill(first, part);
      weigh(first, count, part);
      derivatives.take(first, part);
    });
    return backend.sum(crossEntropy) / graph.rows();
  }

  /** Turns logits into softmax − P, and keeps each row's cross-entropy. */
  private void weigh(long first, long count, Matrix part) {
    Matrix p = targets.rowRange(0, count);
    Matrix total = column.rowRange(0, count);
    Matrix entropy = crossEntropy.rowRange(first, count);
    backend.copy(graph.rowRange(first, count), p);
    others.erase(first, p);
    TiledGemm.gemm(backend, NO, NO, 1, p, ones, 0, total);
    double[] sums = hostSums.of(total);
    double[] present = hostPresent.array(count);
    for (int i = 0; i < count; i++) {
      present[i] = sums[i] > 0 ? 1 : 0;
      sums[i] = sums[i] > 0 ? 1 / sums[i] : 0;
    }
    total.copyFromStart(sums);
    backend.multiplyColumn(total, p, p);
    backend.rowDots(p, part, total);
    others.exclude(first, part);
    backend.softmaxRows(part, entropy);
    backend.add(-1, total, 1, entropy);
    total.copyFromStart(present);
    backend.multiply(total, entropy, entropy);
    backend.multiplyColumn(total, part, part);
    backend.add(-1, p, 1, part);
  }
}
