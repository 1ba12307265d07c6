package io.contraspectra.core.loss;

/** Barlow Twins' function of a K x K cross-correlation: {@code Σ_k (1 − C_kk)² + lambda Σ_(j≠k) C_jk²}. */
final class CrossCorrelation {

  private CrossCorrelation() {}

  /** The value; replaces C, K x K row by row, by the derivatives with respect to its entries. */
  static double redundancy(double[] c, int k, double lambda) {
    double diagonal = 0;
    double offDiagonal = 0;
    for (int row = 0; row < k; row++) {
      for (int col = 0; col < k; col++) {
        int at = row * k + col;
        if (row == col) {
          diagonal += (1 - c[at]) * (1 - c[at]);
          c[at] = -2 * (1 - c[at]);
        } else {
          offDiagonal += c[at] * c[at];
          c[at] *= 2 * lambda;
        }
      }
    }
    return diagonal + lambda * offDiagonal;
  }
}
