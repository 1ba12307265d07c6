package io.contraspectra.core.backend;

/** The error function and the normal distribution function, to about one unit in the last place. */
final class ErrorFunction {
  static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
  static final double ONE_OVER_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);
  private ErrorFunction() {}
  static double erf(double x) { throw new AssertionError(); }
  static double normalCdf(double x) { throw new AssertionError(); }
}
