package io.contraspectra.core.optimize;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The rules of the house, by name, with their usual constants. */
public enum Optimizers {

  /** {@code theta ← theta − eta g} on all data. */
  GD(true),
  /** {@code theta ← theta − eta g} on a batch. */
  SGD(false),
  /** {@code v ← mu v + g}, {@code theta ← theta − eta v} with mu = 0.9 (Polyak 1964, as PyTorch writes it). */
  MOMENTUM(false),
  /**
   * {@code m ← b1 m + (1 − b1) g}, {@code v ← b2 v + (1 − b2) g²},
   * {@code theta ← theta − eta (m/(1 − b1ᵗ))/(sqrt(v/(1 − b2ᵗ)) + eps)} with b1 = 0.9, b2 = 0.999, eps = 1e-8 (Kingma
   * and Ba 2015, algorithm 1).
   */
  ADAM(false),
  /** {@link Lbfgs} with 10 pairs. */
  LBFGS(true);

  private static final double FRICTION = 0.9;
  private static final double FIRST_MOMENT = 0.9;
  private static final double SECOND_MOMENT = 0.999;
  private static final double EPSILON = 1e-8;

  private final boolean fullBatch;

  Optimizers(boolean fullBatch) {
    this.fullBatch = fullBatch;
  }

  /** Whether the rule is meant for an objective that is the same at every step. */
  public boolean isFullBatch() {
    return fullBatch;
  }

  /** The name on the command line, e.g. {@code adam}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The rule with the given {@link #label()}.
   *
   * @throws InvalidArgument for any other name, with the nearest one that exists
   */
  public static Optimizers named(String label) {
    return Arrays.stream(values())
        .filter(rule -> rule.label().equals(label))
        .findFirst()
        .orElseThrow(() -> InvalidArgument.unknown(
            "optimizer", label, Arrays.stream(values()).map(Optimizers::label).toList()));
  }

  /**
   * A fresh rule, which the caller must close.
   *
   * @param theta a contiguous matrix of the shape and type of the parameters
   */
  public Optimizer create(Backend backend, Matrix theta) {
    return switch (this) {
      case GD, SGD -> new FirstOrder(backend, theta, new Plain());
      case MOMENTUM -> new FirstOrder(backend, theta, new Momentum());
      case ADAM -> new FirstOrder(backend, theta, new Adam());
      case LBFGS -> new Lbfgs(backend, theta, Lbfgs.MEMORY);
    };
  }

  private record Plain() implements FirstOrder.Rule {

    @Override
    public int memories() {
      return 0;
    }

    @Override
    public void move(
        Backend backend, Matrix theta, Matrix gradient, List<Matrix> memories, double stepSize, long step) {
      backend.add(-stepSize, gradient, 1, theta);
    }
  }

  private record Momentum() implements FirstOrder.Rule {

    @Override
    public int memories() {
      return 1;
    }

    @Override
    public void move(
        Backend backend, Matrix theta, Matrix gradient, List<Matrix> memories, double stepSize, long step) {
      Matrix velocity = memories.getFirst();
      backend.add(1, gradient, FRICTION, velocity);
      backend.add(-stepSize, velocity, 1, theta);
    }
  }

  private record Adam() implements FirstOrder.Rule {

    @Override
    public int memories() {
      return 2;
    }

    @Override
    public void move(
        Backend backend, Matrix theta, Matrix gradient, List<Matrix> memories, double stepSize, long step) {
      Matrix mean = memories.get(0);
      Matrix square = memories.get(1);
      backend.add(1 - FIRST_MOMENT, gradient, FIRST_MOMENT, mean);
      backend.multiply(gradient, gradient, gradient);
      backend.add(1 - SECOND_MOMENT, gradient, SECOND_MOMENT, square);
      backend.add(1 / (1 - Math.pow(SECOND_MOMENT, step)), square, 0, gradient);
      backend.map(UnaryFunction.SQRT, gradient, gradient);
      backend.shift(EPSILON, gradient);
      backend.map(UnaryFunction.RECIPROCAL, gradient, gradient);
      backend.multiply(mean, gradient, gradient);
      backend.add(-stepSize / (1 - Math.pow(FIRST_MOMENT, step)), gradient, 1, theta);
    }
  }
}
