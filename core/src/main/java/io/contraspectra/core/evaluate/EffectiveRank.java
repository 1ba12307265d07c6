package io.contraspectra.core.evaluate;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;

/**
 * How many dimensions a matrix uses, as a number from 1 to its rank: exp of the entropy of its normalised spectrum.
 * Thread-safe.
 */
public final class EffectiveRank {

  private EffectiveRank() {}

  /**
   * {@code erank = exp(−Σ p ln p)} with p the singular values over their sum (grassmann.md 2; Roy and Vetterli 2007).
   *
   * @param x m x n, not zero; not centred here
   * @throws InvalidArgument for a matrix of zeros, which has no rank of this kind
   */
  public static double of(Backend backend, Matrix x) {
    return perplexity("effective rank", singularValues(backend, "effective rank", x));
  }

  /**
   * The same of the squared singular values of the data once its columns are centred, i.e. of the eigenvalues of the
   * covariance (alphacl.md 9).
   *
   * @param x N x d, whose rows are not all equal
   * @throws InvalidArgument if all rows are equal
   */
  public static double ofCovariance(Backend backend, Matrix x) {
    try (Matrix centred = backend.copyOf(x, x.dtype()); Matrix mean = Columns.centre(backend, centred)) {
      // What centring leaves of equal rows is rounding.
      double rounding = x.dtype() == DType.F64 ? 0x1p-49 : 0x1p-20;
      boolean equal = backend.maxAbs(centred) <= rounding * backend.maxAbs(mean);
      double[] values = equal ? new double[1] : singularValues(backend, "covariance rank", centred);
      return perplexity("covariance rank of centred data", Arrays.stream(values).map(s -> s * s).toArray());
    }
  }

  private static double[] singularValues(Backend backend, String what, Matrix x) {
    backend.requireFinite(what + ": X", x);
    long rank = Math.min(x.rows(), x.cols());
    try (Matrix copy = backend.copyOf(x, x.dtype());
        Matrix left = backend.zeros(x.dtype(), x.rows(), rank);
        Matrix values = backend.zeros(x.dtype(), 1, rank);
        Matrix right = backend.zeros(x.dtype(), rank, x.cols())) {
      backend.svd(copy, left, values, right);
      return values.toArray();
    }
  }

  private static double perplexity(String what, double[] spectrum) {
    double sum = Arrays.stream(spectrum).sum();
    if (!(sum > 0)) {
      throw new InvalidArgument(what + ": every singular value is 0, a matrix of zeros has no effective rank");
    }
    return Math.exp(-Arrays.stream(spectrum).map(s -> s / sum).filter(p -> p > 0).map(p -> p * Math.log(p)).sum());
  }
}
