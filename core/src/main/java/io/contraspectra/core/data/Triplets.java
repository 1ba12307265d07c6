package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;

/**
 * N contrastive triplets: row n of the positives is like row n of the anchors, row n of the negatives unlike it. The
 * arrays are not copied.
 *
 * @param n N, the number of triplets, at least 1
 * @param d the number of features, at least 1
 * @param anchors x, {@code n * d} numbers row by row
 * @param positives x+, likewise
 * @param negatives x-, likewise
 */
public record Triplets(int n, int d, double[] anchors, double[] positives, double[] negatives) {

  public Triplets {
    if (n < 1 || d < 1) {
      throw new InvalidArgument("triplets: n = " + n + " and d = " + d + " must be at least 1");
    }
    long size = (long) n * d;
    if (anchors.length != size || positives.length != size || negatives.length != size) {
      throw new ShapeMismatch("triplets of " + n + "x" + d + " need " + size + " numbers each, got " + anchors.length
          + " for the anchors, " + positives.length + " for the positives, " + negatives.length + " for the negatives");
    }
  }

  /**
   * All samples as one new 3N x d matrix, which the caller must close: the anchors in rows 0 to N-1, then the
   * positives, then the negatives.
   */
  public Matrix stacked(Backend backend, DType dtype) {
    Matrix stacked = backend.zeros(dtype, 3L * n, d);
    stacked.rowRange(0, n).copyFrom(anchors);
    stacked.rowRange(n, n).copyFrom(positives);
    stacked.rowRange(2L * n, n).copyFrom(negatives);
    return stacked;
  }
}
