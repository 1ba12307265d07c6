package io.contraspectra.core.backend;

/** Where an operand lies in its memory. */
enum Layout {
  /** From the first byte on, rows without gaps. */
  TIGHT(0, 0),
  /** One element off every alignment that vectors like, rows one element apart. */
  SHIFTED(1, 1),
  /** A block of a much wider matrix. */
  WIDE(19, 37);

  private final int offset;
  private final int gap;

  Layout(int offset, int gap) {
    this.offset = offset;
    this.gap = gap;
  }

  int offset() {
    return offset;
  }

  int leadingDimension(Shape shape) {
    return shape.cols() + gap;
  }
}
