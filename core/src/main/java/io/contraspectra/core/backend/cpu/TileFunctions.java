package io.contraspectra.core.backend.cpu;

import static io.contraspectra.core.backend.cpu.Polynomials.LN2_HIGH;
import static io.contraspectra.core.backend.cpu.Polynomials.LN2_LOW;
import static io.contraspectra.core.backend.cpu.Polynomials.LOG2_E;
import static io.contraspectra.core.backend.cpu.Polynomials.ONE_OVER_SQRT_TWO_PI;
import static io.contraspectra.core.backend.cpu.Polynomials.PASS;
import static io.contraspectra.core.backend.cpu.Polynomials.SQRT_TWO;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_END;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_ERROR_SLOPE;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_HIGH;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_LOW;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_SCALE;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_SHIFT;
import static io.contraspectra.core.backend.cpu.Polynomials.TAIL_SLOPE;
import static io.contraspectra.core.backend.cpu.Polynomials.TWO_OVER_SQRT_PI;
import static io.contraspectra.core.backend.cpu.Polynomials.TWO_OVER_SQRT_PI_LOW;

import io.contraspectra.core.backend.UnaryFunction;
import java.util.Arrays;

/**
 * The functions of {@link UnaryFunction} on arrays that stay in the first-level cache, in short loops that C2 turns
 * into vector instructions. (One long loop in the Vector API outgrows C2's limits of inlining, and is then slower than
 * scalar code.) An element's value does not depend on its place, since vectors and remainders do the same IEEE
 * operations.
 *
 * <p>One instance serves one thread.
 */
final class TileFunctions {

  /** Elements of a tile; the seven tiles take 28 KiB. */
  static final int LENGTH = 512;

  // Beyond these exp is 0 or infinite, and the power of two beside it stays in range.
  private static final double EXP_START = -746;
  private static final double EXP_END = 710;

  // Added to a small integer, it leaves that integer in the lowest bits.
  private static final double INTEGER_BITS = 0x1.8p52;
  private static final long EXPONENT_BIAS = 1023L << 52;
  private static final long INFINITY = 2047L << 52;

  private final double[] z = new double[LENGTH];
  private final double[] value = new double[LENGTH];
  private final double[] near = new double[LENGTH];
  private final double[] argument = new double[LENGTH];
  private final double[] polynomial = new double[LENGTH];
  private final double[] exponent = new double[LENGTH];
  private final double[] factor = new double[LENGTH];

  /** The arguments, to be set before {@link #apply} and replaced by the values there. */
  double[] tile() {
    return z;
  }

  /** Applies {@code f} to the first {@code n} elements of {@link #tile()}. */
  void apply(UnaryFunction f, int n) {
    switch (f) {
      case EXP -> exponential(n);
      case INVERSE_NORM -> inverseNorm(n);
      case SQRT -> sqrt(n);
      case RECIPROCAL -> reciprocal(n);
      case IDENTITY -> {}
      case ONE -> Arrays.fill(z, 0, n, 1);
      case RELU -> relu(n);
      case STEP -> step(n);
      case ERF -> erf(n);
      case ERF_DERIVATIVE -> erfDerivative(n);
      case TANH -> tanh(n);
      case TANH_DERIVATIVE -> tanhDerivative(n);
      case SOFTPLUS -> softplus(n);
      case LOGISTIC -> logistic(n);
      case GELU -> gelu(n);
      case GELU_DERIVATIVE -> geluDerivative(n);
    }
  }

  private void relu(int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.max(z[i], 0);
    }
  }

  private void sqrt(int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.sqrt(z[i]);
    }
  }

  private void reciprocal(int n) {
    for (int i = 0; i < n; i++) {
      z[i] = 1 / z[i];
    }
  }

  // A comparison is not vectorised. Bits of a number above 0 are a positive long, of at most infinity's bits.
  private void step(int n) {
    for (int i = 0; i < n; i++) {
      long bits = Double.doubleToRawLongBits(z[i]);
      z[i] = Double.longBitsToDouble(~((bits - 1) | bits | (INFINITY - bits)) >> 63 & EXPONENT_BIAS);
    }
  }

  // Arithmetic as in ErrorFunction.erf.
  private void erf(int n) {
    for (int i = 0; i < n; i++) {
      argument[i] = z[i] * z[i];
    }
    polynomial(Polynomials.ERF, n);
    for (int i = 0; i < n; i++) {
      double correction = Math.fma(argument[i], polynomial[i], TWO_OVER_SQRT_PI_LOW);
      near[i] = Math.fma(z[i], TWO_OVER_SQRT_PI, z[i] * correction);
      value[i] = SQRT_TWO * Math.abs(z[i]);
    }
    lowerTail(n);
    for (int i = 0; i < n; i++) {
      value[i] = Math.signum(z[i]) * (1 - 2 * value[i]);
    }
    nearBelow(1, n);
  }

  private void erfDerivative(int n) {
    for (int i = 0; i < n; i++) {
      value[i] = -z[i] * z[i];
    }
    exp(n);
    for (int i = 0; i < n; i++) {
      z[i] = TWO_OVER_SQRT_PI * value[i];
    }
  }

  private void tanh(int n) {
    for (int i = 0; i < n; i++) {
      argument[i] = z[i] * z[i];
    }
    polynomial(Polynomials.TANH, n);
    for (int i = 0; i < n; i++) {
      near[i] = Math.fma(argument[i] * polynomial[i], z[i], z[i]);
      value[i] = -2 * Math.abs(z[i]);
    }
    exp(n);
    for (int i = 0; i < n; i++) {
      value[i] = Math.signum(z[i]) * ((1 - value[i]) / (1 + value[i]));
    }
    nearBelow(0.5, n);
  }

  private void tanhDerivative(int n) {
    for (int i = 0; i < n; i++) {
      value[i] = -2 * Math.abs(z[i]);
    }
    exp(n);
    for (int i = 0; i < n; i++) {
      double divisor = 1 + value[i];
      z[i] = 4 * value[i] / (divisor * divisor);
    }
  }

  private void softplus(int n) {
    for (int i = 0; i < n; i++) {
      value[i] = -Math.abs(z[i]);
    }
    exp(n);
    for (int i = 0; i < n; i++) {
      value[i] = value[i] / (2 + value[i]);
      argument[i] = value[i] * value[i];
    }
    polynomial(Polynomials.LOG1P, n);
    for (int i = 0; i < n; i++) {
      double log1p = Math.fma(argument[i] * polynomial[i], value[i], 2 * value[i]);
      z[i] = Math.max(z[i], 0) + log1p;
    }
  }

  private void logistic(int n) {
    for (int i = 0; i < n; i++) {
      value[i] = -Math.abs(z[i]);
    }
    exp(n);
    for (int i = 0; i < n; i++) {
      z[i] = z[i] >= 0 ? 1 : value[i];
    }
    for (int i = 0; i < n; i++) {
      z[i] /= 1 + value[i];
    }
  }

  private void gelu(int n) {
    normalCdf(n);
    for (int i = 0; i < n; i++) {
      // Minus infinity times 0 would be NaN.
      z[i] = Math.max(z[i], -Double.MAX_VALUE) * value[i];
    }
  }

  private void geluDerivative(int n) {
    normalCdf(n);
    System.arraycopy(value, 0, near, 0, n);
    for (int i = 0; i < n; i++) {
      value[i] = -z[i] * z[i] / 2;
    }
    exp(n);
    for (int i = 0; i < n; i++) {
      double finite = Math.clamp(z[i], -Double.MAX_VALUE, Double.MAX_VALUE);
      z[i] = near[i] + finite * (ONE_OVER_SQRT_TWO_PI * value[i]);
    }
  }

  private void exponential(int n) {
    System.arraycopy(z, 0, value, 0, n);
    exp(n);
    System.arraycopy(value, 0, z, 0, n);
  }

  private void inverseNorm(int n) {
    for (int i = 0; i < n; i++) {
      value[i] = 1 / Math.sqrt(z[i]);
    }
    for (int i = 0; i < n; i++) {
      double inverse = value[i];
      z[i] = z[i] <= UnaryFunction.ZERO_NORM * UnaryFunction.ZERO_NORM ? 0 : inverse;
    }
  }

  /** {@code value = Phi(z)}. */
  private void normalCdf(int n) {
    for (int i = 0; i < n; i++) {
      value[i] = Math.abs(z[i]);
    }
    lowerTail(n);
    for (int i = 0; i < n; i++) {
      value[i] = z[i] > 0 ? 1 - value[i] : value[i];
    }
  }

  /** {@code z = |z| < limit ? near : value}. */
  private void nearBelow(double limit, int n) {
    for (int i = 0; i < n; i++) {
      double below = near[i];
      double beyond = value[i];
      z[i] = Math.abs(z[i]) < limit ? below : beyond;
    }
  }

  /** {@code value = Phi(-value)} for values at least 0, with the arithmetic of {@code ErrorFunction.lowerTail}. */
  private void lowerTail(int n) {
    for (int i = 0; i < n; i++) {
      double x = Math.min(value[i], TAIL_END);
      double divisor = Math.fma(TAIL_SLOPE, x, 1);
      double w = 1 / divisor;
      double divisorError = Math.fma(TAIL_SLOPE, x, 1 - divisor);
      double wError = -Math.fma(divisorError, w, Math.fma(divisor, w, -1));
      double squareError = Math.fma(x, x, -(x * x));
      value[i] = x;
      argument[i] = Math.fma(TAIL_SCALE, w, TAIL_SHIFT);
      exponent[i] = TAIL_LOW + Math.fma(wError, Math.fma(TAIL_ERROR_SLOPE, w, 1), -0.5 * squareError);
      factor[i] = 0.5 * w;
    }
    polynomial(Polynomials.TAIL, n);
    for (int i = 0; i < n; i++) {
      double high = -0.5 * (value[i] * value[i]);
      double low = Math.fma(argument[i], polynomial[i], exponent[i]);
      double k = Math.rint(LOG2_E * (high + TAIL_HIGH + low));
      argument[i] = Math.fma(-k, LN2_HIGH, high) + TAIL_HIGH + Math.fma(-k, LN2_LOW, low);
      exponent[i] = k;
    }
    polynomial(Polynomials.EXP, n);
    for (int i = 0; i < n; i++) {
      double r = argument[i];
      value[i] = Math.fma(Math.fma(r * r, polynomial[i], r), factor[i], factor[i]);
    }
    scale(n);
  }

  /** {@code value = exp(value)}. */
  private void exp(int n) {
    for (int i = 0; i < n; i++) {
      double x = Math.min(Math.max(value[i], EXP_START), EXP_END);
      double k = Math.rint(LOG2_E * x);
      argument[i] = Math.fma(-k, LN2_LOW, Math.fma(-k, LN2_HIGH, x));
      exponent[i] = k;
    }
    polynomial(Polynomials.EXP, n);
    for (int i = 0; i < n; i++) {
      double r = argument[i];
      value[i] = 1 + Math.fma(r * r, polynomial[i], r);
    }
    scale(n);
  }

  /**
   * {@code value = 2^exponent value}, in two steps, so that neither power leaves the range of normal numbers. Both are
   * made of the power of half the exponent, because reinterpreting bits is what C2 does not vectorise.
   */
  private void scale(int n) {
    for (int i = 0; i < n; i++) {
      polynomial[i] = Math.rint(0.5 * exponent[i]) + INTEGER_BITS;
    }
    for (int i = 0; i < n; i++) {
      polynomial[i] = Double.longBitsToDouble((Double.doubleToRawLongBits(polynomial[i]) << 52) + EXPONENT_BIAS);
    }
    for (int i = 0; i < n; i++) {
      double power = polynomial[i];
      double rest = exponent[i] - 2 * Math.rint(0.5 * exponent[i]);
      double powerOfRest = Math.fma(Math.fma(0.25, rest, 0.75), rest, 1);
      value[i] = value[i] * power * (power * powerOfRest);
    }
  }

  /** {@code polynomial} at {@code argument}, some coefficients in one pass. */
  private void polynomial(double[] coefficients, int n) {
    Arrays.fill(polynomial, 0, n, 0);
    for (int from = coefficients.length - PASS; from >= 0; from -= PASS) {
      horner(coefficients, from, n);
    }
  }

  // Spelt out, because C2 does not vectorise around an inner loop.
  private void horner(double[] coefficients, int from, int n) {
    double c0 = coefficients[from];
    double c1 = coefficients[from + 1];
    double c2 = coefficients[from + 2];
    double c3 = coefficients[from + 3];
    double c4 = coefficients[from + 4];
    double c5 = coefficients[from + 5];
    double c6 = coefficients[from + 6];
    double c7 = coefficients[from + 7];
    double c8 = coefficients[from + 8];
    double c9 = coefficients[from + 9];
    double c10 = coefficients[from + 10];
    double c11 = coefficients[from + 11];
    for (int i = 0; i < n; i++) {
      double x = argument[i];
      double p = Math.fma(polynomial[i], x, c11);
      p = Math.fma(Math.fma(Math.fma(Math.fma(p, x, c10), x, c9), x, c8), x, c7);
      p = Math.fma(Math.fma(Math.fma(Math.fma(p, x, c6), x, c5), x, c4), x, c3);
      polynomial[i] = Math.fma(Math.fma(Math.fma(p, x, c2), x, c1), x, c0);
    }
  }
}
