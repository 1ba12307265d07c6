package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;

/** Refuses operands that do not fit a kernel. */
final class KernelShapes {

  private KernelShapes() {}

  /** Throws unless the matrix has the given shape, naming it by its operand. */
  static void require(String operand, Matrix matrix, long rows, long cols) {
    if (matrix.rows() != rows || matrix.cols() != cols) {
      throw new ShapeMismatch("ntk: " + matrix.describe(operand) + " must be " + rows + "x" + cols
          + " for these inputs and this network");
    }
  }
}
