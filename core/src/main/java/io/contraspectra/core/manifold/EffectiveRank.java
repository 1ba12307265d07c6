package io.contraspectra.core.manifold;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;

/**
 * How many dimensions a matrix with singular values s really uses (grassmann.md 2). All are between 1 and the rank, and
 * NaN for a zero matrix, which has none.
 *
 * @param erank {@code exp(−Σ p ln p)} with {@code p = s/Σs} (Roy and Vetterli 2007)
 * @param prank the participation rank {@code (Σs²)²/Σs⁴}
 * @param srank the stable rank {@code Σs²/s_1²}
 */
public record EffectiveRank(double erank, double prank, double srank) {

  /** The effective ranks of a finite matrix of any shape. */
  public static EffectiveRank of(Backend backend, Matrix x) {
    double[] s = scaledSingularValues(backend, x);
    double squares = Arrays.stream(s).map(v -> v * v).sum();
    double fourths = Arrays.stream(s).map(v -> v * v * v * v).sum();
    return new EffectiveRank(entropyRank(s), squares * squares / fourths, squares);
  }

  /**
   * {@code covariance_rank}: the exponential of the entropy of the eigenvalues of the covariance, i.e. of the squared
   * singular values of the centred data (alphacl.md 9). NaN if all rows are equal.
   *
   * @param x n x d, finite; rows are samples
   */
  public static double ofCovariance(Backend backend, Matrix x) {
    backend.requireFinite("covariance rank: X", x);
    try (Matrix centred = Representations.centred(backend, x)) {
      // What centring leaves of equal rows is rounding.
      double rounding = x.dtype() == DType.F64 ? 0x1p-49 : 0x1p-20;
      if (backend.maxAbs(centred) <= rounding * backend.maxAbs(x)) {
        return Double.NaN;
      }
      return entropyRank(Arrays.stream(scaledSingularValues(backend, centred)).map(v -> v * v).toArray());
    }
  }

  /** Singular values over the largest; NaN where that is 0. */
  private static double[] scaledSingularValues(Backend backend, Matrix x) {
    backend.requireFinite("effective rank: X", x);
    double[] s = Subspaces.singularValues(backend, x);
    double largest = Arrays.stream(s).max().orElse(0);
    return largest == 0 ? new double[] {Double.NaN} : Arrays.stream(s).map(v -> v / largest).toArray();
  }

  private static double entropyRank(double[] weights) {
    double sum = Arrays.stream(weights).sum();
    double entropy = 0;
    for (double weight : weights) {
      double p = weight / sum;
      entropy -= p == 0 ? 0 : p * Math.log(p);
    }
    return Math.exp(entropy);
  }
}
