package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.OverBudget;
import java.util.function.LongUnaryOperator;

/**
 * How a product through the factors of a kernel is fitted into a memory budget. The budget decides how many samples'
 * signals are held at a time and how many vectors share a pass over them, never in which order anything adds up.
 *
 * @param blocks the cut of the samples
 * @param heldBlocks blocks whose signals are held at a time
 * @param batches batches of vectors that share a pass
 * @param bytes memory at the peak, without the vectors and their products
 */
record FactorPlan(SampleBlocks blocks, long heldBlocks, long batches, long bytes) {

  // A tile should have rows enough for an efficient product, and leave some to other tiles.
  private static final long MIN_ROWS = 64;
  private static final long MAX_ROWS = 512;
  private static final long TILES = 8;

  /**
   * The fastest plan that the budget allows.
   *
   * @param samples bytes of what is held of a number of samples
   * @param scratch bytes of all threads' workspaces
   * @param batch bytes of the contracted factors of one batch of vectors
   * @param wanted batches of vectors
   * @throws OverBudget if the budget is too small, with the least that is enough
   */
  static FactorPlan of(
      SampleBlocks blocks, LongUnaryOperator samples, long scratch, long batch, long wanted, long budget) {
    long least = scratch + batch + samples.applyAsLong(blocks.span(0, 1));
    if (budget < least) {
      throw new OverBudget(
          "ntk: the signals of " + blocks.size(0) + " samples with one batch of vectors", budget, least);
    }
    long room = budget - scratch;
    // All signals first, which are then computed once; if they do not fit, all vectors, which then share each pass.
    long all = samples.applyAsLong(blocks.samples());
    if (all + batch <= room) {
      long batches = Math.clamp((room - all) / Math.max(1, batch), 1, Math.max(1, wanted));
      return new FactorPlan(blocks, Math.max(1, blocks.count()), batches, scratch + all + batches * batch);
    }
    long one = samples.applyAsLong(blocks.span(0, 1));
    long batches = Math.clamp((room - one) / Math.max(1, batch), 1, Math.max(1, wanted));
    long held = 1;
    while (samples.applyAsLong(blocks.span(0, held + 1)) + batches * batch <= room) {
      held++;
    }
    return new FactorPlan(blocks, held, batches,
        scratch + samples.applyAsLong(blocks.span(0, held)) + batches * batch);
  }

  /** How many of all rows of a contracted factor one tile sums up. */
  static long rowsPerTile(long all) {
    return Math.clamp(Math.ceilDiv(all, TILES), MIN_ROWS, MAX_ROWS);
  }

  /**
   * Samples whose signals are computed for a pass over all of them and back, when the first ones are still held from
   * the pass before; 0 if all are held anyway.
   */
  double samplesLoaded() {
    long last = (Math.ceilDiv(blocks.count(), heldBlocks) - 1) * heldBlocks;
    return resident() ? 0
        : 2.0 * blocks.samples() - blocks.span(last, blocks.count()) - blocks.span(0, heldBlocks);
  }

  /** Samples whose signals are held at a time. */
  long capacity() {
    return blocks.span(0, heldBlocks);
  }

  /** Whether the signals of all samples are held, so that they are computed once. */
  boolean resident() {
    return heldBlocks >= blocks.count();
  }
}
