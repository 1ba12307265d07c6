package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;

/** Operands of one call, all closed together. */
final class OpenMatrices implements AutoCloseable {

  private final List<Matrix> matrices = new ArrayList<>();

  /** Matrices with ones on the diagonal, which every operation accepts. */
  OpenMatrices(Backend backend, List<Shape> shapes) {
    shapes.forEach(shape -> add(backend, DType.F64, shape));
  }

  /** Takes the operand at {@code index} from another backend or in another element type. */
  OpenMatrices replace(int index, Backend backend, DType dtype, Shape shape) {
    matrices.get(index).close();
    add(backend, dtype, shape);
    matrices.set(index, matrices.removeLast());
    return this;
  }

  Matrix[] all() {
    return matrices.toArray(Matrix[]::new);
  }

  @Override
  public void close() {
    matrices.forEach(Matrix::close);
  }

  private void add(Backend backend, DType dtype, Shape shape) {
    Matrix matrix = backend.zeros(dtype, shape.rows(), shape.cols());
    matrices.add(matrix);
    for (int i = 0; i < Math.min(shape.rows(), shape.cols()); i++) {
      matrix.set(i, i, 1);
    }
  }
}
