package io.contraspectra.core.mixture;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.optimize.Lbfgs;

/**
 * A minimiser {@code z = Ax}. Owns A; close it.
 *
 * @param a A, r x d; defined up to rotations of the embedding, so compare {@code AᵀA} or the span of the rows
 * @param result how the minimisation ended, in whitened coordinates
 */
public record ContrastiveFit(Matrix a, Lbfgs.Result result) implements AutoCloseable {

  @Override
  public void close() {
    a.close();
  }
}
