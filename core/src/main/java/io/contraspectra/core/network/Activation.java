package io.contraspectra.core.network;

import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.Locale;

/** Activation functions with their derivatives. */
public enum Activation {
  /** max(z, 0), with derivative 0 at 0. */
  RELU(UnaryFunction.RELU, UnaryFunction.STEP),
  /** erf(z), without a factor 1/sqrt(2) in the argument. */
  ERF(UnaryFunction.ERF, UnaryFunction.ERF_DERIVATIVE),
  TANH(UnaryFunction.TANH, UnaryFunction.TANH_DERIVATIVE),
  /** log(1 + exp(z)). */
  SOFTPLUS(UnaryFunction.SOFTPLUS, UnaryFunction.LOGISTIC),
  /** z Phi(z), the exact form. */
  GELU(UnaryFunction.GELU, UnaryFunction.GELU_DERIVATIVE),
  IDENTITY(UnaryFunction.IDENTITY, UnaryFunction.ONE);

  private final UnaryFunction function;
  private final UnaryFunction derivative;

  Activation(UnaryFunction function, UnaryFunction derivative) {
    this.function = function;
    this.derivative = derivative;
  }

  /** phi. */
  public UnaryFunction function() {
    return function;
  }

  /** phi'. */
  public UnaryFunction derivative() {
    return derivative;
  }

  /** The name used in files and on the command line, e.g. {@code relu}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The activation with the given {@link #label()}.
   *
   * @throws InvalidArgument for any other name, with the nearest one that exists
   */
  public static Activation named(String label) {
    for (Activation activation : values()) {
      if (activation.label().equals(label)) {
        return activation;
      }
    }
    throw InvalidArgument.unknown("activation", label, Arrays.stream(values()).map(Activation::label).toList());
  }
}
