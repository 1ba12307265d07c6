package io.contraspectra.core.data;

import io.contraspectra.core.matrix.Matrix;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;

/** Writes a matrix as an NPY array piece by piece, so that no second copy of it is ever held. */
final class MatrixWriter {

  private static final int PIECE_ELEMENTS = 1 << 17;

  private MatrixWriter() {}

  /** Writes header and elements; the shape may be any that holds the elements in their row-major order. */
  static void write(Matrix matrix, Shape shape, OutputStream out) throws IOException {
    out.write(NpyHeader.rowMajor(NpyType.of(matrix.dtype()), shape).encode());
    if (matrix.isContiguous()) {
      writeRun(matrix, 0, matrix.size(), out);
      return;
    }
    for (long row = 0; row < matrix.rows(); row++) {
      writeRun(matrix, row * matrix.leadingDimension(), matrix.cols(), out);
    }
  }

  /** Elements that follow each other in memory, from the matrix's element {@code from} on. */
  private static void writeRun(Matrix matrix, long from, long count, OutputStream out) throws IOException {
    int size = matrix.dtype().bytes();
    var buffer = new byte[(int) Math.min(PIECE_ELEMENTS, count) * size];
    for (long at = 0; at < count;) {
      int bytes = (int) Math.min(PIECE_ELEMENTS, count - at) * size;
      matrix.memory().read((matrix.offset() + from + at) * size, MemorySegment.ofArray(buffer).asSlice(0, bytes));
      out.write(buffer, 0, bytes);
      at += bytes / size;
    }
  }
}
