package io.contraspectra.core.ntk;

import io.contraspectra.core.network.Activation;

/**
 * Expectations over a centred Gaussian pair (u, v) with {@code a = E u²}, {@code b = E v²}, {@code c = E uv}: what an
 * activation does to a kernel in the limit of infinite width (ntk.md 2). By Price's theorem the derivative of
 * {@link #kernel} in c is {@link #derivative}.
 */
interface DualActivation {

  /** {@code E phi(u) phi(v)}. */
  double kernel(double a, double b, double c);

  /** {@code E phi'(u) phi'(v)}. */
  double derivative(double a, double b, double c);

  /** The closed form where there is one, quadrature otherwise. */
  static DualActivation of(Activation activation) {
    return switch (activation) {
      case RELU -> new ReluDual();
      case ERF -> new ErfDual();
      case GELU -> new GeluDual();
      case IDENTITY -> new IdentityDual();
      case TANH, SOFTPLUS -> new QuadratureDual(activation);
    };
  }
}
