package io.contraspectra.experiments.paper.alphacl;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * A number of some fifty digits and its derivative with respect to one variable: what is computed from it is
 * differentiated on the way (forward mode), without cancellation, overflow or a step size.
 *
 * @param value the number
 * @param slope its derivative
 */
record ExactDual(BigDecimal value, BigDecimal slope) {

  private static final MathContext DIGITS = new MathContext(60);
  private static final int SERIES_TERMS = 24;
  private static final int REDUCED_BITS = 6;

  /** The variable itself. */
  static ExactDual variable(BigDecimal value) {
    return new ExactDual(value, BigDecimal.ONE);
  }

  ExactDual plus(double constant) {
    return new ExactDual(value.add(new BigDecimal(constant)), slope);
  }

  ExactDual times(double constant) {
    var factor = new BigDecimal(constant);
    return new ExactDual(value.multiply(factor, DIGITS), slope.multiply(factor, DIGITS));
  }

  ExactDual square() {
    return new ExactDual(value.multiply(value, DIGITS),
        slope.multiply(value, DIGITS).multiply(BigDecimal.TWO, DIGITS));
  }

  /** max(0, x), with derivative 0 at 0. */
  ExactDual positivePart() {
    return value.signum() > 0 ? this : new ExactDual(BigDecimal.ZERO, BigDecimal.ZERO);
  }

  ExactDual exp() {
    BigDecimal e = exp(value);
    return new ExactDual(e, e.multiply(slope, DIGITS));
  }

  ExactDual log() {
    return new ExactDual(log(value), slope.divide(value, DIGITS));
  }

  /** 1/(1 + exp(−x)). */
  ExactDual logistic() {
    BigDecimal e = exp(value.negate());
    BigDecimal s = BigDecimal.ONE.divide(BigDecimal.ONE.add(e), DIGITS);
    return new ExactDual(s, s.multiply(s, DIGITS).multiply(e, DIGITS).multiply(slope, DIGITS));
  }

  /** The series of exp(x/2^k), squared k times. */
  private static BigDecimal exp(BigDecimal x) {
    int halvings = Math.max(0, x.toBigInteger().bitLength() + REDUCED_BITS);
    BigDecimal reduced = x.divide(new BigDecimal(BigInteger.TWO.pow(halvings)), DIGITS);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int i = 1; i <= SERIES_TERMS; i++) {
      term = term.multiply(reduced, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  /** One step of Halley's method from the logarithm in double precision, whose error it cubes. */
  private static BigDecimal log(BigDecimal x) {
    int exponent = x.precision() - x.scale();
    double mantissa = x.scaleByPowerOfTen(-exponent).doubleValue();
    var start = new BigDecimal(Math.log(mantissa) + exponent * Math.log(10));
    BigDecimal e = exp(start);
    BigDecimal correction = x.subtract(e).multiply(BigDecimal.TWO).divide(x.add(e), DIGITS);
    return start.add(correction);
  }
}
