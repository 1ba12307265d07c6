package io.contraspectra.experiments.paper;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Straight lines on the widths' logarithmic axis, by least squares.
 *
 * @param slope rise for each unit of log M
 * @param intercept height at M = 1
 * @param rSquared fraction of the variance that the line explains
 */
public record PowerLaw(double slope, double intercept, double rSquared) {

  /**
   * The line of log y on log M: its slope is the exponent of y ~ M^slope. NaN where a value is not positive and finite.
   */
  public static PowerLaw of(List<Integer> widths, double[] y) {
    return onLogWidth(widths, DoubleStream.of(y).map(Math::log).toArray());
  }

  /** The line of y on log M. */
  public static PowerLaw onLogWidth(List<Integer> widths, double[] y) {
    double[] x = widths.stream().mapToDouble(Math::log).toArray();
    double meanX = mean(x);
    double meanY = mean(y);
    double covariance = IntStream.range(0, x.length).mapToDouble(i -> (x[i] - meanX) * (y[i] - meanY)).sum();
    double varianceX = DoubleStream.of(x).map(v -> (v - meanX) * (v - meanX)).sum();
    double varianceY = DoubleStream.of(y).map(v -> (v - meanY) * (v - meanY)).sum();
    double slope = covariance / varianceX;
    return new PowerLaw(slope, meanY - slope * meanX, covariance * covariance / (varianceX * varianceY));
  }

  /** The arithmetic mean; NaN of nothing. */
  public static double mean(double[] values) {
    return DoubleStream.of(values).average().orElse(Double.NaN);
  }

  /** The geometric mean of positive numbers. */
  public static double geometricMean(double[] values) {
    return Math.exp(mean(DoubleStream.of(values).map(Math::log).toArray()));
  }

  /** The median of at least one number. */
  public static double median(double[] values) {
    double[] sorted = DoubleStream.of(values).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
