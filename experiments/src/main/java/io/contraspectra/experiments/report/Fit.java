package io.contraspectra.experiments.report;

/**
 * A straight line as the eye sees it: on logarithmic axes it is straight in natural logarithms, so that on two of them
 * the slope is the exponent of a power law.
 *
 * @param slope rise of (the logarithm of) y for each unit of (the logarithm of) x
 * @param intercept height at zero of (the logarithm of) x
 */
public record Fit(double slope, double intercept) {
  /** The least-squares line through the points of a series that both axes can show. */
  public static Fit leastSquares(Series series, Axis x, Axis y) {
    var points = series.points().stream().filter(p -> x.shows(p.x()) && y.shows(p.y())).toList();
    double meanX = points.stream().mapToDouble(p -> x.straighten(p.x())).average().orElse(Double.NaN);
    double meanY = points.stream().mapToDouble(p -> y.straighten(p.y())).average().orElse(Double.NaN);
    double covariance = 0;
    double variance = 0;
    for (var point : points) {
      double dx = x.straighten(point.x()) - meanX;
      covariance += dx * (y.straighten(point.y()) - meanY);
      variance += dx * dx;
    }
    double slope = covariance / variance;
    return new Fit(slope, meanY - slope * meanX);
  }

  /** The height of the line above a value of x. */
  double at(double value, Axis x, Axis y) {
    return y.value(intercept + slope * x.straighten(value));
  }
}
