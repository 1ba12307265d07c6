package io.contraspectra.core.backend;

import java.util.function.DoubleUnaryOperator;

/**
 * The functions that a backend maps over matrices. Each constant carries its scalar definition in double precision,
 * which is what backends must agree with: to a few units in the last place for {@code f64}, to single precision for
 * {@code f32}.
 */
public enum UnaryFunction {
  /** max(z, 0); NaN stays NaN. */
  RELU(z -> z > 0 || z != z ? z : 0),
  /** 1 where z &gt; 0, else 0: the derivative of {@link #RELU} with the value 0 at 0. */
  STEP(z -> z > 0 ? 1 : 0),
  /** erf(z), without a factor 1/sqrt(2) in the argument. */
  ERF(ErrorFunction::erf),
  /** 2/sqrt(pi) exp(-z^2). */
  ERF_DERIVATIVE(z -> ErrorFunction.TWO_OVER_SQRT_PI * Math.exp(-z * z)),
  /** tanh(z). */
  TANH(Math::tanh),
  /** 1 - tanh(z)^2. */
  TANH_DERIVATIVE(UnaryFunction::tanhDerivative),
  /** log(1 + exp(z)), without overflow. */
  SOFTPLUS(z -> Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))),
  /** 1 / (1 + exp(-z)), the derivative of {@link #SOFTPLUS}. */
  LOGISTIC(UnaryFunction::logistic),
  /** z Phi(z) with the normal distribution function Phi. */
  GELU(z -> z == Double.NEGATIVE_INFINITY ? -0.0 : z * ErrorFunction.normalCdf(z)),
  /** Phi(z) + z times the normal density at z. */
  GELU_DERIVATIVE(UnaryFunction::geluDerivative),
  /** exp(z). */
  EXP(Math::exp),
  /** 1/sqrt(z) of a squared norm z; 0 where the norm is at most 1e-12, i.e. for rows without a direction. */
  INVERSE_NORM(z -> z <= UnaryFunction.ZERO_NORM * UnaryFunction.ZERO_NORM ? 0 : 1 / Math.sqrt(z)),
  /** The square root of z; NaN below 0. */
  SQRT(Math::sqrt),
  /** 1/z. */
  RECIPROCAL(z -> 1 / z),
  /** z. */
  IDENTITY(z -> z),
  /** 1. */
  ONE(z -> 1);

  /** Rows whose norm is at most this have no direction: similarity 0, gradient 0 (ntk.md 1). */
  public static final double ZERO_NORM = 1e-12;

  private final DoubleUnaryOperator scalar;

  UnaryFunction(DoubleUnaryOperator scalar) {
    this.scalar = scalar;
  }

  /** The function's value at one point. */
  public double at(double z) {
    return scalar.applyAsDouble(z);
  }

  // (1 - t)(1 + t) would cancel in the tails; 4q/(1+q)^2 with q = exp(-2|z|) does not.
  private static double tanhDerivative(double z) {
    double q = Math.exp(-2 * Math.abs(z));
    return 4 * q / ((1 + q) * (1 + q));
  }

  private static double logistic(double z) {
    double q = Math.exp(-Math.abs(z));
    return (z >= 0 ? 1 : q) / (1 + q);
  }

  private static double geluDerivative(double z) {
    double density = ErrorFunction.ONE_OVER_SQRT_TWO_PI * Math.exp(-z * z / 2);
    return ErrorFunction.normalCdf(z) + (density == 0 ? 0 : z * density);
  }
}
