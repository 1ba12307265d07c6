package io.contraspectra.core.backend.cuda;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/**
 * A matrix as the device sees it.
 *
 * @param address of its first element
 * @param ld elements from one row to the next, at least 1
 */
record Operand(long address, DType dtype, long rows, long cols, long ld) {

  static Operand of(Matrix m) {
    long address = ((DeviceMemory) m.memory()).address() + m.offset() * m.dtype().bytes();
    return new Operand(address, m.dtype(), m.rows(), m.cols(), Math.max(1, m.leadingDimension()));
  }

  /** A matrix without gaps. */
  static Operand packed(long address, DType dtype, long rows, long cols) {
    return new Operand(address, dtype, rows, cols, Math.max(1, cols));
  }

  /** All elements in one row; for a matrix without gaps. */
  Operand flat() {
    return packed(address, dtype, 1, rows * cols);
  }

  boolean isContiguous() {
    return ld == cols || rows <= 1;
  }

  long size() {
    return rows * cols;
  }

  long bytes() {
    return size() * dtype.bytes();
  }
}
