package io.contraspectra.core.ntk;

/** The arc-sine kernel, for erf without a factor 1/sqrt(2) in its argument. */
record ErfDual() implements DualActivation {

  @Override
  public double kernel(double a, double b, double c) {
    return 2 / Math.PI * Math.asin(2 * c / Math.sqrt((1 + 2 * a) * (1 + 2 * b)));
  }

  @Override
  public double derivative(double a, double b, double c) {
    return 4 / Math.PI / Math.sqrt((1 + 2 * a) * (1 + 2 * b) - 4 * c * c);
  }
}
