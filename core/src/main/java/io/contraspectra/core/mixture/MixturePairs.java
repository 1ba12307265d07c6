package io.contraspectra.core.mixture;

import io.contraspectra.core.matrix.Matrix;

/**
 * Pairs of samples with the components that they came from. Owns both matrices; close it.
 *
 * @param x first views, n x d
 * @param positives second views, n x d
 * @param labels components of the first views
 * @param positiveLabels components of the second views
 */
public record MixturePairs(Matrix x, Matrix positives, int[] labels, int[] positiveLabels) implements AutoCloseable {

  @Override
  public void close() {
    x.close();
    positives.close();
  }
}
