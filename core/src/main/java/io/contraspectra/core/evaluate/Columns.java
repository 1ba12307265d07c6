package io.contraspectra.core.evaluate;

import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;

/** Means, scales and Grams of features, i.e. of columns. Thread-safe. */
public final class Columns {

  private Columns() {}

  /**
   * Subtracts every column's mean, in place.
   *
   * @param x N x d with at least one row
   * @return the means, 1 x d, to be closed by the caller
   */
  public static Matrix centre(Backend backend, Matrix x) {
    if (x.rows() < 1) {
      throw new InvalidArgument("centring " + x.describe("X") + ": at least one sample is needed");
    }
    Matrix mean = backend.zeros(x.dtype(), 1, x.cols());
    try {
      backend.columnSums(1.0 / x.rows(), x, 0, mean);
      backend.addRow(-1, mean, x);
      return mean;
    } catch (RuntimeException | Error e) {
      mean.close();
      throw e;
    }
  }

  /**
   * Brings features to mean 0 and (biased) variance 1 as seen on X, in place, and others by the same shift and scale.
   * Features that do not vary on X are only shifted.
   *
   * @param x N x d, with at least one row
   * @param others matrices of d columns
   */
  public static void standardise(Backend backend, Matrix x, Matrix... others) {
    try (Matrix mean = centre(backend, x);
        Matrix squares = backend.copyOf(x, x.dtype());
        Matrix scale = backend.zeros(x.dtype(), 1, x.cols())) {
      backend.multiply(x, x, squares);
      backend.columnSums(1.0 / x.rows(), squares, 0, scale);
      backend.map(UnaryFunction.INVERSE_NORM, scale, scale);
      backend.multiplyRow(scale, x, x);
      for (Matrix other : others) {
        backend.addRow(-1, mean, other);
        backend.multiplyRow(scale, other, other);
      }
    }
  }

  /** {@code XᵀX}, d x d, both triangles; to be closed by the caller. */
  static Matrix gram(Backend backend, Matrix x) {
    Matrix gram = backend.zeros(x.dtype(), x.cols(), x.cols());
    try {
      backend.syrk(Triangle.LOWER, YES, 1, x, 0, gram);
      backend.mirror(Triangle.LOWER, gram);
      return gram;
    } catch (RuntimeException | Error e) {
      gram.close();
      throw e;
    }
  }
}
