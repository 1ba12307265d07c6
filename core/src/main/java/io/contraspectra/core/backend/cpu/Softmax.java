package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;

/** The softmax of one row after another, shifted by the row's maximum. */
final class Softmax {

  private final RowKernels kernels;
  private final HostMatrix x;
  private final HostMatrix logSumExp;
  private final long cols;

  Softmax(RowKernels kernels, Matrix x, Matrix logSumExp) {
    this.kernels = kernels;
    this.x = HostMatrix.of(x);
    this.logSumExp = HostMatrix.of(logSumExp);
    this.cols = x.cols();
  }

  /** Replaces one row by its softmax and stores the logarithm of its sum of exponentials. */
  void row(long row) {
    long at = x.at(row, 0);
    double largest = kernels.max(x.segment(), at, cols);
    double shift = largest == Double.NEGATIVE_INFINITY ? 0 : largest;
    double sum = kernels.exponentials(shift, x.segment(), at, cols);
    // A row of -inf alone has no mass to share out: it stays 0.
    kernels.scale(sum == 0 ? 0 : x.elements().rounded(1 / sum), x.segment(), at, x.segment(), at, cols);
    logSumExp.set(row, 0, shift + Math.log(sum));
  }
}
