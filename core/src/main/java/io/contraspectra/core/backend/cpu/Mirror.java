package io.contraspectra.core.backend.cpu;

import static io.contraspectra.core.backend.cpu.Square.SIDE;

import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.Matrix;

/** Copies one triangle of a square matrix onto the other, square by square. */
final class Mirror {

  private final Triangle from;
  private final long n;
  private final HostMatrix c;

  Mirror(Triangle from, Matrix c) {
    this.from = from;
    this.n = c.rows();
    this.c = HostMatrix.of(c);
  }

  /** Writes the squares of one band of {@link Square#SIDE} rows. */
  void band(long index) {
    long row = index * SIDE;
    long firstCol = from == Triangle.LOWER ? row : 0;
    long endCol = from == Triangle.LOWER ? n : row + 1;
    for (long col = firstCol; col < endCol; col += SIDE) {
      square(row, col);
    }
  }

  private void square(long row, long col) {
    int height = (int) Math.min(SIDE, n - row);
    int width = (int) Math.min(SIDE, n - col);
    Square square = Square.current();
    square.read(c, col, row, width, height);
    for (int i = 0; i < height; i++) {
      // On the diagonal only what lies strictly beyond it belongs to the other triangle.
      int start = row != col || from == Triangle.UPPER ? 0 : i + 1;
      int end = row != col || from == Triangle.LOWER ? width : i;
      if (start < end) {
        square.writeColumn(i, start, end, c, row + i, col + start);
      }
    }
  }
}
