package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/** Carries an array to a backend piece by piece, so that no second copy of it is ever held. */
final class Upload {

  private Upload() {}

  /** A new matrix on the backend: a scalar becomes 1 x 1, one axis a column, two axes a matrix of that shape. */
  static Matrix matrix(String name, NpyHeader header, Payload payload, Backend backend, DType dtype) {
    Shape shape = header.matrixShape(name);
    Matrix matrix = backend.zeros(dtype, shape.size(0), shape.size(1));
    try {
      fill(matrix, new RowMajorElements(header, payload));
      return matrix;
    } catch (RuntimeException | Error e) {
      matrix.close();
      throw e;
    }
  }

  /** Sets all elements of a matrix, converted to its element type. */
  static void fill(Matrix matrix, RowMajorElements elements) {
    MatrixRuns.forEach(matrix,
        (byteOffset, count) -> matrix.memory().write(byteOffset, elements.next(count, matrix.dtype())));
  }
}
