package io.contraspectra.core.optimize;

import io.contraspectra.core.matrix.Matrix;

/** A differentiable function of a matrix of parameters. */
@FunctionalInterface
public interface Objective {

  /**
   * The value at a point, and the gradient there.
   *
   * @param theta the point; not changed
   * @param gradient of theta's shape, overwritten with the gradient at theta
   * @return the value; NaN or infinite where there is none, and the gradient is then without meaning
   */
  double evaluate(Matrix theta, Matrix gradient);
}
