package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.network.Activation;

/**
 * The expectations by the trapezoidal rule on the standard-normal plane, {@code u = sqrt(a) x} and
 * {@code v = l1 x + l2 y} with x and y independent. For analytic integrands the rule converges faster than any power of
 * the step; with this step the error is below 1e-11 for tanh and softplus at variances up to 4.5 (ntk.md 2).
 * Gauss-Hermite rules are much worse here: the poles of tanh lie too close to the real line.
 */
record QuadratureDual(UnaryFunction function, UnaryFunction slope) implements DualActivation {

  private static final double RANGE = 9;
  private static final double MAX_STEP = 0.5;
  private static final double STEP_TIMES_DEVIATION = 0.25;

  QuadratureDual(Activation activation) {
    this(activation.function(), activation.derivative());
  }

  @Override
  public double kernel(double a, double b, double c) {
    return expectation(function, a, b, c);
  }

  @Override
  public double derivative(double a, double b, double c) {
    return expectation(slope, a, b, c);
  }

  private static double expectation(UnaryFunction phi, double a, double b, double c) {
    double deviation = Math.sqrt(a);
    double along = deviation == 0 ? 0 : c / deviation;
    double across = Math.sqrt(Math.max(0, b - along * along));
    double largest = Math.sqrt(Math.max(a, b));
    double step = Math.min(MAX_STEP, STEP_TIMES_DEVIATION / Math.max(largest, Double.MIN_NORMAL));
    int points = (int) Math.ceil(RANGE / step);
    double[] density = density(points, step);

    double sum = 0;
    for (int i = -points; i <= points; i++) {
      double inner = 0;
      for (int j = -points; j <= points; j++) {
        inner += density[j + points] * phi.at(along * i * step + across * j * step);
      }
      sum += density[i + points] * phi.at(deviation * i * step) * inner;
    }
    return sum;
  }

  private static double[] density(int points, double step) {
    var density = new double[2 * points + 1];
    for (int i = -points; i <= points; i++) {
      double x = i * step;
      density[i + points] = step * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
    return density;
  }
}
