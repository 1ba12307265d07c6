package io.contraspectra.core.data;

import io.contraspectra.core.matrix.Matrix;
import java.util.List;

/**
 * Where a training run gets its batches from. A batch is one matrix of N inputs for each block of the loss: anchors,
 * positives and negatives, or two views. What is drawn depends on the step alone, so that a run that is continued draws
 * what it would have drawn.
 *
 * <p>One thread, one sampler.
 */
public interface Sampler {

  /** Blocks that a batch consists of. */
  int blocks();

  /** N, the rows of every block. */
  long samples();

  /** d, the number of features of a block's rows. */
  long features(int block);

  /** Samples that the data consist of; an epoch is {@code size/samples} steps, rounded down. */
  long size();

  /** Whether every step draws the same batch. */
  boolean isConstant();

  /**
   * Draws the batch of a step.
   *
   * @param step counted from 0
   * @param batch one matrix of {@code samples() x features(block)} for each block, overwritten
   */
  void draw(long step, List<Matrix> batch);

  /** Steps of one epoch, at least 1. */
  default long stepsPerEpoch() {
    return Math.max(1, size() / samples());
  }
}
