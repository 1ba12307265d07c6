package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.InvalidArgument;

/**
 * How long, and how, outputs f move by {@code −(1/N) Theta (f − y)}: down the gradient of the squared loss
 * {@code (1/2N) Σ_n ‖f(x_n) − y_n‖²} with a kernel that stays what it is. Along an eigenvector of Theta/N everything is
 * a function of its eigenvalue λ.
 */
public sealed interface KernelTraining {

  /** What is left of {@code f − y}. */
  double left(double eigenvalue);

  /** {@code (1 − left(λ)) / λ}, also where λ is 0: by how much the kernel has been followed. */
  double followed(double eigenvalue);

  /**
   * Gradient flow: {@code left = exp(−λ t)}.
   *
   * @param time t, at least 0
   */
  record Flow(double time) implements KernelTraining {

    public Flow {
      if (!(time >= 0)) {
        throw new InvalidArgument("kernel training: time " + time + " must not be negative");
      }
    }

    @Override
    public double left(double eigenvalue) {
      return Math.exp(-eigenvalue * time);
    }

    @Override
    public double followed(double eigenvalue) {
      return eigenvalue == 0 ? time : -Math.expm1(-eigenvalue * time) / eigenvalue;
    }
  }

  /**
   * Gradient descent: {@code left = (1 − rate λ)^steps}. It diverges where {@code rate λ} exceeds 2.
   *
   * @param rate step size, positive
   * @param steps at least 0
   */
  record Descent(double rate, long steps) implements KernelTraining {

    public Descent {
      if (!(rate > 0) || steps < 0) {
        throw new InvalidArgument("kernel training: rate " + rate + " must be positive and steps " + steps
            + " not negative");
      }
    }

    @Override
    public double left(double eigenvalue) {
      return Math.pow(1 - rate * eigenvalue, steps);
    }

    @Override
    public double followed(double eigenvalue) {
      double step = rate * eigenvalue;
      if (step == 0) {
        return rate * steps;
      }
      // Without cancellation where little has happened yet.
      double gone = step < 0.5 ? -Math.expm1(steps * Math.log1p(-step)) : 1 - left(eigenvalue);
      return gone / eigenvalue;
    }
  }
}
