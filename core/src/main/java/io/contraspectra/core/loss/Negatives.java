package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which of the pairs (i, j) have j as a negative of anchor i: those that a mask says, or every j but i itself, and but
 * i's partner where the anchors are two views of the same samples. Works on blocks of rows of N x N matrices.
 */
final class Negatives {

  private final Backend backend;
  private final long anchors;
  /** Distance of partners, 0 without partners. */
  private final long partner;
  private final Optional<Matrix> mask;
  private final Matrix scratch;
  private final double[] counts;
  /** What added to any logit makes its exponential 0, and times 0 is 0. */
  private final double penalty;

  /**
   * Checks the mask.
   *
   * @param anchors N
   * @param twoViews whether rows i and i + N/2 are views of one sample
   * @param height rows of a block at most
   */
  Negatives(String loss, Backend backend, Workspace workspace, DType dtype, long anchors, boolean twoViews,
      long height, Optional<Matrix> mask) {
    this.backend = backend;
    this.anchors = anchors;
    this.partner = twoViews ? anchors / 2 : 0;
    this.mask = mask;
    this.scratch = workspace.matrix(dtype, height, scratchCols(anchors, height, mask.isPresent()));
    this.penalty = dtype == DType.F64 ? 1e300 : 1e30;
    this.counts = new double[Math.toIntExact(anchors)];
    if (mask.isPresent()) {
      count(loss, dtype, mask.get());
    } else {
      Arrays.fill(counts, anchors - (twoViews ? 2 : 1));
      backend.fill(1, scratch);
      backend.shiftDiagonal(-1, scratch);
    }
    if (counts[0] == 0) {
      throw new InvalidArgument(loss + " needs negatives, but among " + anchors + " anchors there are none; give at"
          + " least two samples");
    }
  }

  static long bytes(DType dtype, long anchors, long height, boolean masked) {
    return Workspace.bytes(dtype, height, scratchCols(anchors, height, masked));
  }

  // With a mask, a block of penalties; without, ones off the diagonal.
  private static long scratchCols(long anchors, long height, boolean masked) {
    return masked ? anchors : height;
  }

  private void count(String loss, DType dtype, Matrix given) {
    if (given.rows() != anchors || given.cols() != anchors || given.dtype() != dtype) {
      throw new ShapeMismatch(loss + ": " + given.describe("mask") + " " + given.dtype() + " must be " + anchors + "x"
          + anchors + " " + dtype + ", one row and one column for every anchor");
    }
    for (int i = 0; i < anchors; i++) {
      double[] row = given.rowRange(i, 1).toArray();
      for (int j = 0; j < anchors; j++) {
        if (row[j] != 0 && row[j] != 1) {
          throw new InvalidArgument(loss + ": the mask has " + row[j] + " at row " + i + ", column " + j
              + "; every entry must be 0 or 1");
        }
        counts[i] += row[j];
      }
      if (row[i] != 0) {
        throw new InvalidArgument(loss + ": the mask makes sample " + i + " a negative of itself; its diagonal must"
            + " be 0");
      }
      if (counts[i] == 0) {
        throw new InvalidArgument(loss + ": row " + i + " of the mask has no negative; give every anchor at least one"
            + " 1");
      }
    }
  }

  /** How many negatives anchor i has. */
  double count(long anchor) {
    return counts[Math.toIntExact(anchor)];
  }

  /** Makes the exponential of every logit that is not one of a negative 0. */
  void exclude(long first, Matrix logits) {
    if (mask.isPresent()) {
      Matrix penalties = scratch.rowRange(0, logits.rows());
      backend.copy(mask.get().rowRange(first, logits.rows()), penalties);
      backend.shift(-1, penalties);
      backend.add(penalty, penalties, 1, logits);
    } else {
      forEachDiagonal(first, logits, part -> backend.shiftDiagonal(Double.NEGATIVE_INFINITY, part));
    }
  }

  /** Sets every entry that does not belong to a negative to 0. */
  void erase(long first, Matrix pairs) {
    if (mask.isPresent()) {
      backend.multiply(pairs, mask.get().rowRange(first, pairs.rows()), pairs);
    } else {
      forEachDiagonal(first, pairs,
          part -> backend.multiply(part, scratch.block(0, 0, part.rows(), part.cols()), part));
    }
  }

  private interface SquareTask {
    void run(Matrix square);
  }

  /** Squares of the block on whose diagonals lie the anchors themselves, and their partners. */
  private void forEachDiagonal(long first, Matrix block, SquareTask task) {
    long end = first + block.rows();
    task.run(block.block(0, first, block.rows(), block.rows()));
    if (partner > 0) {
      long upper = Math.min(end, partner) - first;
      if (upper > 0) {
        task.run(block.block(0, first + partner, upper, upper));
      }
      long lowerStart = Math.max(first, partner);
      long lower = end - lowerStart;
      if (lower > 0) {
        task.run(block.block(lowerStart - first, lowerStart - partner, lower, lower));
      }
    }
  }
}
