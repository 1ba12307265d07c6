package io.contraspectra.core.operator;

import io.contraspectra.core.matrix.Matrix;

/**
 * Eigenvalues, algebraically largest first, with their eigenvectors. Owns both matrices; close it.
 *
 * @param values 1 x k
 * @param vectors k x n, orthonormal: row i is the eigenvector of value i
 */
public record EigenPairs(Matrix values, Matrix vectors) implements AutoCloseable {

  @Override
  public void close() {
    values.close();
    vectors.close();
  }
}
