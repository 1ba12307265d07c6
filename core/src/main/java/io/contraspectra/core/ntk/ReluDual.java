package io.contraspectra.core.ntk;

/** The arc-cosine kernels of degree 1 and 0. */
record ReluDual() implements DualActivation {

  @Override
  public double kernel(double a, double b, double c) {
    double r = Math.sqrt(a) * Math.sqrt(b);
    if (r == 0) {
      return 0;
    }
    double y = sine(r, c);
    return (y + (Math.PI - Math.atan2(y, c)) * c) / (2 * Math.PI);
  }

  @Override
  public double derivative(double a, double b, double c) {
    double r = Math.sqrt(a) * Math.sqrt(b);
    return r == 0 ? 0 : (Math.PI - Math.atan2(sine(r, c), c)) / (2 * Math.PI);
  }

  // r sin(angle). Written as a product, since r² − c² cancels for nearly parallel inputs.
  private static double sine(double r, double c) {
    return Math.sqrt(Math.max(0, (r - c) * (r + c)));
  }
}
