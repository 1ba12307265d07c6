package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

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

  private final double[] doubles = new double[SIDE * STRIDE];
  private final float[] floats = new float[SIDE * STRIDE];

  private Square() {}

  /** This thread's square. */
  static Square current() {
    return CURRENT.get();
  }

  /** Reads {@code height x width} elements, at most {@link #SIDE} each, from ({@code row}, {@code col}) on. */
  void read(HostMatrix x, long row, long col, int height, int width) {
    MemorySegment segment = x.segment();
    for (int i = 0; i < height; i++) {
      long at = x.at(row + i, col);
      switch (x.elements()) {
        case SINGLE -> {
          for (int j = 0; j < width; j++) {
            floats[j * STRIDE + i] = segment.get(JAVA_FLOAT, at + (long) j * Float.BYTES);
          }
        }
        case DOUBLE -> {
          for (int j = 0; j < width; j++) {
            doubles[j * STRIDE + i] = segment.get(JAVA_DOUBLE, at + (long) j * Double.BYTES);
          }
        }
      }
    }
  }

  /**
   * Writes elements {@code from} to {@code to - 1} of column {@code j} from ({@code row}, {@code col}) on, as a row.
   */
  void writeColumn(int j, int from, int to, HostMatrix y, long row, long col) {
    int start = j * STRIDE + from;
    switch (y.elements()) {
      case SINGLE -> MemorySegment.copy(floats, start, y.segment(), JAVA_FLOAT, y.at(row, col), to - from);
      case DOUBLE -> MemorySegment.copy(doubles, start, y.segment(), JAVA_DOUBLE, y.at(row, col), to - from);
    }
  }
}
