package io.contraspectra.core.mixture;

/**
 * Softmax of short rows on the host: quadrature has thousands of rows of as many columns as a mixture has components,
 * for which kernels made for long rows would mostly call each other.
 */
final class NarrowSoftmax {

  private NarrowSoftmax() {}

  /**
   * Replaces {@code x[from .. from + k − 1]} by its softmax.
   *
   * @return the logarithm of the sum of exponentials
   */
  static double row(double[] x, int from, int k) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + k; i++) {
      largest = Math.max(largest, x[i]);
    }
    double sum = 0;
    for (int i = from; i < from + k; i++) {
      x[i] = Math.exp(x[i] - largest);
      sum += x[i];
    }
    for (int i = from; i < from + k; i++) {
      x[i] /= sum;
    }
    return largest + Math.log(sum);
  }
}
