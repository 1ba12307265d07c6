package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.Matrix;

/** Copies one triangle of a square matrix onto the other, square by square, so that memory is met in whole rows. */
final class Mirror {

  static final int SIDE = 64;

  private static final ThreadLocal<double[][]> SQUARES = ThreadLocal.withInitial(() -> new double[2][SIDE * SIDE]);

  private final Triangle from;
  private final Matrix c;
  private final HostMatrix host;

  Mirror(Triangle from, Matrix c) {
    this.from = from;
    this.c = c;
    this.host = HostMatrix.of(c);
  }

  /** Writes the squares of one band of {@link #SIDE} rows. */
  void band(long index) {
    long row = index * SIDE;
    long firstCol = from == Triangle.LOWER ? row : 0;
    long endCol = from == Triangle.LOWER ? c.cols() : row + 1;
    for (long col = firstCol; col < endCol; col += SIDE) {
      square(row, col);
    }
  }

  private void square(long row, long col) {
    int height = (int) Math.min(SIDE, c.rows() - row);
    int width = (int) Math.min(SIDE, c.cols() - col);
    double[] line = SQUARES.get()[0];
    double[] square = SQUARES.get()[1];
    for (int j = 0; j < width; j++) {
      host.elements().load(host.segment(), host.at(col + j, row), line, height);
      for (int i = 0; i < height; i++) {
        square[i * SIDE + j] = line[i];
      }
    }
    for (int i = 0; i < height; i++) {
      // On the diagonal only what lies strictly beyond it belongs to the other triangle.
      int start = row != col || from == Triangle.UPPER ? 0 : i + 1;
      int end = row != col || from == Triangle.LOWER ? width : i;
      if (start < end) {
        System.arraycopy(square, i * SIDE + start, line, 0, end - start);
        host.elements().store(line, host.segment(), host.at(row + i, col + start), end - start);
      }
    }
  }
}
