package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import java.util.Optional;

/**
 * Value, gradient and pairwise importance of an {@link AlphaLoss}. With r = alpha 1, s = r + alphaᵀ1,
 * {@code dZ = (alpha + alphaᵀ)Z − s ∘ Z + r ∘ (Z − Z')} and {@code dZ' = −r ∘ (Z − Z')} (alphacl.md 3). Pairs come and
 * go in blocks of rows.
 */
public final class AlphaEvaluation extends BlockEvaluation {

  private final AlphaLoss loss;
  private final Importance importance;
  private final long anchors;
  private final RowBlocks blocks;
  private final Negatives negatives;
  private final PairDistances distances;
  private final Matrix mean;
  /** Centred embeddings and a column of ones, so that a product with them gives sums of rows as well. */
  private final Matrix points;
  private final Matrix sums;
  private final Matrix blockSums;
  private final Matrix difference;
  private final Matrix scratch;
  private final Matrix positive;
  private final Matrix weights;
  private final Matrix losses;
  private final Matrix column;
  private final Matrix padded;
  private final Matrix original;
  private final HostPairs host = new HostPairs();

  AlphaEvaluation(AlphaLoss loss, Backend backend, DType dtype, long samples, long outputs, Optional<Matrix> mask) {
    super(loss, backend, dtype, samples, outputs);
    this.loss = loss;
    this.importance = loss.importance();
    this.anchors = loss.anchors(samples);
    this.blocks = blocks(anchors);
    this.distances = new PairDistances(backend, workspace, dtype, anchors, outputs);
    this.mean = workspace.matrix(dtype, 1, outputs);
    this.points = workspace.matrix(dtype, anchors, outputs + 1);
    this.sums = workspace.matrix(dtype, anchors, outputs + 1);
    this.blockSums = workspace.matrix(dtype, blocks.height(), outputs + 1);
    this.difference = workspace.matrix(dtype, anchors, outputs);
    this.scratch = workspace.matrix(dtype, anchors, outputs);
    this.positive = workspace.matrix(dtype, anchors, 1);
    this.weights = workspace.matrix(dtype, anchors, 1);
    this.losses = workspace.matrix(dtype, anchors, 1);
    this.column = workspace.matrix(dtype, blocks.height(), 1);
    this.padded = workspace.matrix(dtype, blocks.height(), anchors + 1);
    this.original = workspace.matrix(dtype, blocks.height(), anchors);
    this.negatives = negatives(mask);
  }

  private Negatives negatives(Optional<Matrix> mask) {
    try {
      return new Negatives(loss.name(), backend, workspace, dtype, anchors, loss.isOfTwoViews(), blocks.height(), mask);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private static RowBlocks blocks(long anchors) {
    return RowBlocks.of(anchors, anchors + 1);
  }

  static long bytes(DType dtype, long anchors, long outputs) {
    long height = blocks(anchors).height();
    return PairDistances.bytes(dtype, anchors, outputs)
        + Workspace.bytes(dtype, 1, outputs)
        + 2 * Workspace.bytes(dtype, anchors, outputs + 1)
        + Workspace.bytes(dtype, height, outputs + 1)
        + 2 * Workspace.bytes(dtype, anchors, outputs)
        + 3 * Workspace.bytes(dtype, anchors, 1)
        + Workspace.bytes(dtype, height, 1)
        + Workspace.bytes(dtype, height, anchors + 1)
        + Workspace.bytes(dtype, height, anchors)
        + Negatives.bytes(dtype, anchors, height, true);
  }

  @Override
  double value(Matrix embeddings, Matrix gradient) {
    prepare(embeddings);
    backend.fill(0, sums);
    blocks.forEach((first, count) -> {
      PairBlock block = weighed(first, count);
      if (loss.isBackPropagated()) {
        importance.backPropagate(block);
      }
      accumulate(first, count, block.pairs());
    });
    if (loss.isOfTwoViews()) {
      gradient(gradient);
      // A view is the positive of its partner, too: dZ' belongs to the other block.
      backend.add(-1, scratch.rowRange(samples, samples), 1, block(gradient, 0));
      backend.add(-1, scratch.rowRange(0, samples), 1, block(gradient, 1));
    } else {
      gradient(block(gradient, 0));
      backend.add(-1, scratch, 0, block(gradient, 1));
    }
    return backend.sum(losses);
  }

  /**
   * The pairwise importance at given embeddings, 0 where j is no negative of i.
   *
   * @param embeddings 2N x K, anchors and positives
   * @param alpha n x n for n anchors, overwritten
   */
  public void importance(Matrix embeddings, Matrix alpha) {
    requireEmbeddings(embeddings);
    if (alpha.rows() != anchors || alpha.cols() != anchors || alpha.dtype() != dtype) {
      throw new ShapeMismatch(loss.name() + ": " + alpha.describe("alpha") + " " + alpha.dtype() + " must be " + anchors
          + "x" + anchors + " " + dtype);
    }
    prepare(embeddings);
    blocks.forEach((first, count) -> backend.copy(weighed(first, count).pairs(), alpha.rowRange(first, count)));
  }

  /** How many anchors there are: N, or 2N where both views are. */
  public long anchors() {
    return anchors;
  }

  /** What each anchor added to the loss in the last evaluation, n x 1; the next one overwrites it. */
  public Matrix losses() {
    return losses;
  }

  private void prepare(Matrix embeddings) {
    Matrix z = loss.isOfTwoViews() ? embeddings : block(embeddings, 0);
    backend.copy(z, difference);
    if (loss.isOfTwoViews()) {
      backend.add(-1, block(embeddings, 1), 1, difference.rowRange(0, samples));
      backend.add(-1, block(embeddings, 0), 1, difference.rowRange(samples, samples));
    } else {
      backend.add(-1, block(embeddings, 1), 1, difference);
    }
    backend.rowDots(difference, difference, positive);
    backend.scale(.5, positive);
    // Only differences matter; those of small numbers are the more exact.
    Matrix centred = centred();
    backend.columnSums(1.0 / anchors, z, 0, mean);
    backend.copy(z, centred);
    backend.addRow(-1, mean, centred);
    backend.fill(1, ones());
    distances.prepare(centred, importance.ofDistances() ? Optional.empty() : Optional.of(positive));
  }

  /** A block of pairs, with their importance. */
  private PairBlock weighed(long first, long count) {
    var block = new PairBlock(backend, first, padded.rowRange(0, count), original.rowRange(0, count),
        positive.rowRange(first, count), losses.rowRange(first, count), column.rowRange(0, count), ones(),
        negatives, host);
    distances.fill(importance.ofDistances() ? -1 : 1, first, block.pairs());
    if (loss.isBackPropagated()) {
      block.keep();
    }
    importance.weigh(block);
    return block;
  }

  /** Adds a block's rows of W [Z, 1], and what they add to Wᵀ [Z, 1]. */
  private void accumulate(long first, long count, Matrix pairs) {
    Matrix own = blockSums.rowRange(0, count);
    TiledGemm.gemm(backend, NO, NO, 1, pairs, points, 0, own);
    backend.copy(own.block(0, outputs, count, 1), weights.rowRange(first, count));
    backend.add(1, own, 1, sums.rowRange(first, count));
    TiledGemm.gemm(backend, YES, NO, 1, pairs, points.rowRange(first, count), 1, sums);
  }

  /** dZ; leaves r ∘ (Z − Z') = −dZ' in the scratch. */
  private void gradient(Matrix dz) {
    backend.multiplyColumn(sums.block(0, outputs, anchors, 1), centred(), scratch);
    backend.copy(sums.block(0, 0, anchors, outputs), dz);
    backend.add(-1, scratch, 1, dz);
    backend.multiplyColumn(weights, difference, scratch);
    backend.add(1, scratch, 1, dz);
  }

  private Matrix centred() {
    return points.block(0, 0, anchors, outputs);
  }

  private Matrix ones() {
    return points.block(0, outputs, anchors, 1);
  }
}
