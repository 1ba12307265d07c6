package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/** How well pairs fulfil {@code A v = λ v}. */
final class Residuals {

  private Residuals() {}

  /**
   * {@code ‖A v_i − λ_i v_i‖ / ‖A‖}, without overflow or underflow at any scale of A.
   *
   * @param images k x n, {@code A v_i}; destroyed
   * @param vectors k x n, rows of norm 1
   * @param values k of them
   * @param norm {@code ‖A‖}
   * @return 1 x k, of the vectors' element type
   */
  static Matrix of(Backend backend, Matrix images, Matrix vectors, double[] values, double norm) {
    double unit = unit(norm, images.dtype());
    var scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = -values[i] / unit;
    }
    backend.scale(1 / unit, images);
    double[] residuals = norms(backend, images, vectors, scaled);
    for (int i = 0; i < residuals.length; i++) {
      residuals[i] = relative(residuals[i], unit, norm);
    }
    return row(backend, images.dtype(), residuals);
  }

  /** What to divide by before norms are taken: the norm, or something larger where its reciprocal is infinite. */
  static double unit(double norm, DType dtype) {
    double least = switch (dtype) {
      case F64 -> 0x1p-1000;
      case F32 -> 0x1p-120;
    };
    return norm > 0 ? Math.max(norm, least) : 1;
  }

  /** A residual in units, over the norm. */
  static double relative(double residual, double unit, double norm) {
    return norm > 0 ? residual * (unit / norm) : residual;
  }

  /** {@code ‖images_i + factors_i vectors_i‖}; the images are destroyed. */
  static double[] norms(Backend backend, Matrix images, Matrix vectors, double[] factors) {
    long k = vectors.rows();
    try (Matrix product = backend.zeros(vectors.dtype(), k, vectors.cols());
        Matrix column = backend.zeros(vectors.dtype(), k, 1)) {
      column.copyFrom(factors);
      backend.multiplyColumn(column, vectors, product);
      backend.add(1, product, 1, images);
      backend.rowDots(images, images, column);
      double[] norms = column.toArray();
      for (int i = 0; i < norms.length; i++) {
        norms[i] = Math.sqrt(norms[i]);
      }
      return norms;
    }
  }

  /** A 1 x k matrix of the given numbers. */
  static Matrix row(Backend backend, DType dtype, double[] numbers) {
    Matrix row = backend.zeros(dtype, 1, numbers.length);
    row.copyFrom(numbers);
    return row;
  }
}
