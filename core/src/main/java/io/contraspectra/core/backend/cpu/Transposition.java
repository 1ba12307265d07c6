package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;

/** Writes the transpose of a matrix, square by square, so that memory is met in whole rows. */
final class Transposition {

  static final int SIDE = 64;

  private static final ThreadLocal<double[][]> SQUARES = ThreadLocal.withInitial(() -> new double[2][SIDE * SIDE]);

  private final Matrix x;
  private final HostMatrix from;
  private final HostMatrix to;

  Transposition(Matrix x, Matrix y) {
    this.x = x;
    this.from = HostMatrix.of(x);
    this.to = HostMatrix.of(y);
  }

  /** Writes the columns of Y that come from one band of {@link #SIDE} rows of X. */
  void band(long index) {
    long row = index * SIDE;
    int height = (int) Math.min(SIDE, x.rows() - row);
    for (long col = 0; col < x.cols(); col += SIDE) {
      square(row, height, col, (int) Math.min(SIDE, x.cols() - col));
    }
  }

  private void square(long row, int height, long col, int width) {
    double[] line = SQUARES.get()[0];
    double[] square = SQUARES.get()[1];
    for (int i = 0; i < height; i++) {
      from.elements().load(from.segment(), from.at(row + i, col), line, width);
      for (int j = 0; j < width; j++) {
        square[j * SIDE + i] = line[j];
      }
    }
    for (int j = 0; j < width; j++) {
      System.arraycopy(square, j * SIDE, line, 0, height);
      to.elements().store(line, to.segment(), to.at(col + j, row), height);
    }
  }
}
