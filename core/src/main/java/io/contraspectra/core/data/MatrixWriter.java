package io.contraspectra.core.data;

import io.contraspectra.core.matrix.Matrix;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;

/** Writes a matrix as an NPY array piece by piece, so that no second copy of it is ever held. */
final class MatrixWriter {

  private MatrixWriter() {}

  /** Writes header and elements; the shape may be any that holds the elements in their row-major order. */
  static void write(Matrix matrix, Shape shape, OutputStream out) throws IOException {
    out.write(NpyHeader.rowMajor(NpyType.of(matrix.dtype()), shape).encode());
    MatrixRuns.forEach(matrix, (byteOffset, count) -> {
      var bytes = new byte[count * matrix.dtype().bytes()];
      matrix.memory().read(byteOffset, MemorySegment.ofArray(bytes));
      out.write(bytes);
    });
  }
}
