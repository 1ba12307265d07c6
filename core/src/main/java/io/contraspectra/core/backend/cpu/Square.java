package io.contraspectra.core.backend.cpu;

/**
 * A small block of a matrix on its way to the transposed place: read by rows and written by rows, so that memory is met
 * in whole lines of the cache. One instance serves one thread.
 */
final class Square {

  /** Rows and columns of a full square. */
  static final int SIDE = 64;

  private static final ThreadLocal<Square> CURRENT = ThreadLocal.withInitial(Square::new);

  // Not a power of two, so that a column does not fall on few sets of the cache.
  private static final int STRIDE = SIDE + 8;

  private final double[] line = new double[SIDE];
  private final double[] columns = new double[SIDE * STRIDE];

  private Square() {}

  /** This thread's square. */
  static Square current() {
    return CURRENT.get();
  }

  /** Reads {@code height x width} elements, at most {@link #SIDE} each, from ({@code row}, {@code col}) on. */
  void read(HostMatrix x, long row, long col, int height, int width) {
    for (int i = 0; i < height; i++) {
      x.elements().load(x.segment(), x.at(row + i, col), line, width);
      for (int j = 0; j < width; j++) {
        columns[j * STRIDE + i] = line[j];
      }
    }
  }

  /**
   * Writes elements {@code from} to {@code to - 1} of column {@code j} from ({@code row}, {@code col}) on, as a row.
   */
  void writeColumn(int j, int from, int to, HostMatrix y, long row, long col) {
    System.arraycopy(columns, j * STRIDE + from, line, 0, to - from);
    y.elements().store(line, y.segment(), y.at(row, col), to - from);
  }
}
