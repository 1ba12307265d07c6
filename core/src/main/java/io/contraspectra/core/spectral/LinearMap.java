package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;

/**
 * The linear encoder {@code z = (x − mean) W}. Owns its matrices; close it.
 *
 * @param weights W, d x K
 * @param mean 1 x d, what was taken from the data
 */
public record LinearMap(Matrix weights, Matrix mean) implements AutoCloseable {

  /**
   * Embeds samples.
   *
   * @param x N x d in double precision
   * @return N x K, to be closed by the caller
   */
  public Matrix apply(Backend backend, Matrix x) {
    try (Matrix centred = backend.copyOf(x, weights.dtype())) {
      backend.addRow(-1, mean, centred);
      Matrix points = backend.zeros(weights.dtype(), x.rows(), weights.cols());
      try {
        backend.gemm(Transpose.NO, Transpose.NO, 1, centred, weights, 0, points);
        return points;
      } catch (RuntimeException | Error e) {
        points.close();
        throw e;
      }
    }
  }

  @Override
  public void close() {
    weights.close();
    mean.close();
  }
}
