package io.contraspectra.core.operator;

import io.contraspectra.core.matrix.Matrix;

/**
 * Eigenvalues with their eigenvectors, and how well each pair fulfils its equation. The order is algebraically largest
 * first, or smallest first where the smallest were asked for. Owns its matrices; close it.
 *
 * @param values 1 x k
 * @param vectors k x n, orthonormal: row i is the eigenvector of value i
 * @param residuals 1 x k: {@code ‖A v_i − λ_i v_i‖ / ‖A‖}, with the largest absolute Ritz value for {@code ‖A‖}; 0 for
 *     A = 0
 */
public record EigenPairs(Matrix values, Matrix vectors, Matrix residuals) implements AutoCloseable {

  /** The largest of the residuals; 0 for no pairs. */
  public double worstResidual() {
    double worst = 0;
    for (double residual : residuals.toArray()) {
      worst = Math.max(worst, residual);
    }
    return worst;
  }

  @Override
  public void close() {
    values.close();
    vectors.close();
    residuals.close();
  }
}
