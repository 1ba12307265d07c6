package io.contraspectra.core.backend.cpu;

import static io.contraspectra.core.backend.cpu.Square.SIDE;

import io.contraspectra.core.matrix.Matrix;

/** Writes the transpose of a matrix, square by square. */
final class Transposition {

  private final Matrix x;
  private final HostMatrix from;
  private final HostMatrix to;

  Transposition(Matrix x, Matrix y) {
    this.x = x;
    this.from = HostMatrix.of(x);
    this.to = HostMatrix.of(y);
  }

  /** Writes the columns of Y that come from one band of {@link Square#SIDE} rows of X. */
  void band(long index) {
    long row = index * SIDE;
    int height = (int) Math.min(SIDE, x.rows() - row);
    Square square = Square.current();
    for (long col = 0; col < x.cols(); col += SIDE) {
      int width = (int) Math.min(SIDE, x.cols() - col);
      square.read(from, row, col, height, width);
      for (int j = 0; j < width; j++) {
        square.writeColumn(j, 0, height, to, col + j, row);
      }
    }
  }
}
