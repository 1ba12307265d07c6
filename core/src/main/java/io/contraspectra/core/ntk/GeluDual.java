package io.contraspectra.core.ntk;

/** The kernel of the exact GELU, z Phi(z). */
record GeluDual() implements DualActivation {

  @Override
  public double kernel(double a, double b, double c) {
    double d = (1 + a) * (1 + b) - c * c;
    double e = 2 / Math.PI / Math.sqrt(d);
    return (c + c * angle(a, b, c) + e * (a * b - c * c + c * c * (1 / (1 + a) + 1 / (1 + b)))) / 4;
  }

  @Override
  public double derivative(double a, double b, double c) {
    double d = (1 + a) * (1 + b) - c * c;
    double e = 2 / Math.PI / Math.sqrt(d);
    return (1 + angle(a, b, c) + e * c * (1 / (1 + a) + 1 / (1 + b) + 1 / d)) / 4;
  }

  private static double angle(double a, double b, double c) {
    return 2 / Math.PI * Math.asin(c / Math.sqrt((1 + a) * (1 + b)));
  }
}
