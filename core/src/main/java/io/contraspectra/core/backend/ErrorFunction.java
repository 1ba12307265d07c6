package io.contraspectra.core.backend;

import static io.contraspectra.core.backend.cpu.Polynomials.ERF;
import static io.contraspectra.core.backend.cpu.Polynomials.EXP;
import static io.contraspectra.core.backend.cpu.Polynomials.LN2_HIGH;
import static io.contraspectra.core.backend.cpu.Polynomials.LN2_LOW;
import static io.contraspectra.core.backend.cpu.Polynomials.LOG2_E;
import static io.contraspectra.core.backend.cpu.Polynomials.SQRT_TWO;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_END;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_ERROR_SLOPE;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_HIGH;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_LOW;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_SCALE;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_SHIFT;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_SLOPE;
import static io.contraspectra.core.backend.cpu.Polynomials.TWO_OVER_SQRT_PI_LOW;
import static io.contraspectra.core.backend.cpu.Polynomials.powerOfTwo;

import io.contraspectra.core.backend.cpu.Polynomials;

/** The error function and the normal distribution function, to about one unit in the last place. */
final class ErrorFunction {

  static final double TWO_OVER_SQRT_PI = Polynomials.TWO_OVER_SQRT_PI;
  static final double ONE_OVER_SQRT_TWO_PI = Polynomials.ONE_OVER_SQRT_TWO_PI;

  private ErrorFunction() {}

  /** {@code erf(x) = 2/sqrt(pi) ∫_0^x exp(-t^2) dt}. */
  static double erf(double x) {
    if (Math.abs(x) < 1) {
      double square = x * x;
      double correction = Math.fma(square, polynomial(ERF, square), TWO_OVER_SQRT_PI_LOW);
      return Math.fma(x, TWO_OVER_SQRT_PI, x * correction);
    }
    return Math.copySign(1 - 2 * lowerTail(SQRT_TWO * Math.abs(x)), x);
  }

  /** {@code Phi(z)}, the probability that a standard normal variable is at most z, also far out in the lower tail. */
  static double normalCdf(double z) {
    double tail = lowerTail(Math.abs(z));
    return z > 0 ? 1 - tail : tail;
  }

  /**
   * {@code Phi(-z)} for z at least 0. One formula for all z: what rounding does to the divisor and to the square goes
   * into the exponent, where it costs nothing.
   */
  private static double lowerTail(double z) {
    double x = Math.min(z, TAIL_END);
    double divisor = Math.fma(TAIL_SLOPE, x, 1);
    double w = 1 / divisor;
    double divisorError = Math.fma(TAIL_SLOPE, x, 1 - divisor);
    double wError = -Math.fma(divisorError, w, Math.fma(divisor, w, -1));
    double square = x * x;
    double squareError = Math.fma(x, x, -square);
    double s = Math.fma(TAIL_SCALE, w, TAIL_SHIFT);
    double low = Math.fma(wError, Math.fma(TAIL_ERROR_SLOPE, w, 1), -0.5 * squareError);
    return exp(-0.5 * square, TAIL_HIGH, Math.fma(s, polynomial(TAIL, s), TAIL_LOW + low), 0.5 * w);
  }

  /** {@code factor exp(high + middle + low)}, rounded nearly as if the sum of the exponents were exact. */
  private static double exp(double high, double middle, double low, double factor) {
    double k = Math.rint(LOG2_E * (high + middle + low));
    double r = Math.fma(-k, LN2_HIGH, high) + middle + Math.fma(-k, LN2_LOW, low);
    double e = Math.fma(Math.fma(r * r, polynomial(EXP, r), r), factor, factor);
    // In two steps, so that neither power of two leaves the range of normal numbers.
    int half = (int) k >> 1;
    return e * powerOfTwo(half) * powerOfTwo((int) k - half);
  }

  private static double polynomial(double[] coefficients, double x) {
    double value = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      value = Math.fma(value, x, coefficients[i]);
    }
    return value;
  }
}
