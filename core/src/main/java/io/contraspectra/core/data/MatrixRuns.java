package io.contraspectra.core.data;

import io.contraspectra.core.matrix.Matrix;

/** Walks through a matrix's memory, row by row, in runs of elements that follow each other without a gap. */
final class MatrixRuns {

  /** Long enough that a transfer to a device costs more than its call, short enough to stay in cache. */
  private static final long MAX_ELEMENTS = 1 << 17;

  private MatrixRuns() {}

  interface Run<X extends Exception> {

    /** The next {@code count} elements, which begin at a byte offset of the matrix's memory. */
    void at(long byteOffset, int count) throws X;
  }

  static <X extends Exception> void forEach(Matrix matrix, Run<X> run) throws X {
    if (matrix.isContiguous()) {
      walk(matrix, 0, matrix.size(), run);
      return;
    }
    for (long row = 0; row < matrix.rows(); row++) {
      walk(matrix, row * matrix.leadingDimension(), matrix.cols(), run);
    }
  }

  private static <X extends Exception> void walk(Matrix matrix, long from, long count, Run<X> run) throws X {
    for (long at = 0; at < count; at += MAX_ELEMENTS) {
      long element = matrix.offset() + from + at;
      run.at(element * matrix.dtype().bytes(), (int) Math.min(MAX_ELEMENTS, count - at));
    }
  }
}
