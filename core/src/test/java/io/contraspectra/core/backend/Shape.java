package io.contraspectra.core.backend;

/** Rows and columns of an operand. */
record Shape(int rows, int cols) {

  int size() {
    return rows * cols;
  }

  @Override
  public String toString() {
    return rows + "x" + cols;
  }
}
