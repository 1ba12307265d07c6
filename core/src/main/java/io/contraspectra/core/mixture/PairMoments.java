package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;

/** What is done to pairs before anything is learnt from them (gmm.md 7): centring, second moments, whitening. */
final class PairMoments {

  private PairMoments() {}

  /** Refuses pairs that do not belong together, or are too few for losses that are bounded. */
  static void requirePairs(String what, Matrix x, Matrix y, boolean sameSpace) {
    if (x.rows() != y.rows() || x.cols() == 0 || y.cols() == 0 || sameSpace && x.cols() != y.cols()) {
      throw new ShapeMismatch(what + ": " + x.describe("the first views ") + " and " + y.describe("the second views ")
          + " must have equal rows" + (sameSpace ? " and columns" : "") + ", one pair a row");
    }
    if (x.rows() <= Math.max(x.cols(), y.cols())) {
      throw new InvalidArgument(what + ": " + x.rows() + " pairs in " + Math.max(x.cols(), y.cols())
          + " dimensions; the loss has no minimum unless there are more pairs than dimensions, give more pairs or"
          + " reduce the dimension first");
    }
  }

  /** X less a row, n x d, to be closed by the caller. */
  static Matrix shifted(Backend backend, Matrix x, Matrix mean) {
    Matrix centred = backend.copyOf(x, x.dtype());
    backend.addRow(-1, mean, centred);
    return centred;
  }

  /** The mean of all rows of both, 1 x d, to be closed by the caller. */
  static Matrix commonMean(Backend backend, Matrix x, Matrix y) {
    Matrix mean = backend.zeros(x.dtype(), 1, x.cols());
    backend.columnSums(0.5 / x.rows(), x, 0, mean);
    backend.columnSums(0.5 / y.rows(), y, 1, mean);
    return mean;
  }

  /** The mean of the rows, 1 x d, to be closed by the caller. */
  static Matrix mean(Backend backend, Matrix x) {
    Matrix mean = backend.zeros(x.dtype(), 1, x.cols());
    backend.columnSums(1.0 / x.rows(), x, 0, mean);
    return mean;
  }

  /** {@code (XᵀX + YᵀY)/(2n)}, to be closed by the caller. */
  static Matrix pooled(Backend backend, Matrix x, Matrix y) {
    Matrix pooled = moment(backend, x, x);
    try (Matrix other = moment(backend, y, y)) {
      backend.add(0.5, other, 0.5, pooled);
      return pooled;
    }
  }

  /** {@code XᵀY/n}, to be closed by the caller. */
  static Matrix moment(Backend backend, Matrix x, Matrix y) {
    Matrix moment = Products.of(backend, YES, NO, x, y);
    backend.scale(1.0 / x.rows(), moment);
    return moment;
  }

  /** {@code (XᵀY + YᵀX)/(2n)}, to be closed by the caller. */
  static Matrix symmetricMoment(Backend backend, Matrix x, Matrix y) {
    DType dtype = x.dtype();
    Matrix symmetric = backend.zeros(dtype, x.cols(), x.cols());
    try (Matrix moment = moment(backend, x, y)) {
      backend.transpose(moment, symmetric);
      backend.add(0.5, moment, 0.5, symmetric);
      return symmetric;
    }
  }
}
