package io.contraspectra.core.backend.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Sums of those rows of a matrix that a row of bits chooses, by tables: the sixteen sums of each four rows are formed
 * once, and every row of bits looks its own up (Arlazarov, Dinic, Kronrod and Faradžev 1970). One addition then stands
 * for four multiply-adds, two of which are with 0 as a rule.
 *
 * <p>Works on buffers of the calling thread, for one element type. Bits are bytes: byte (g, r) of
 * group g and row r, with bit i for the summand {@code 8g + i}, lies at {@code g stride + r}.
 */
interface BitSums {

  /** Summands whose tables are held at once: eight tables, which leave room beside them in the first-level cache. */
  int SUMMANDS = 32;

  /** Vectors of a wide strip of columns; a narrow one has a single vector. */
  int WIDE = 4;

  /** Columns of a vector. */
  int lanes();

  /**
   * Packs the bits of a matrix whose rows choose: row r starts {@code r step} bytes after {@code at}, k elements each.
   *
   * @return whether all elements are 0 or 1
   */
  boolean packRows(MemorySegment a, long at, long step, int m, int k, MemorySegment bits, int stride);

  /** As {@link #packRows}, for a matrix whose columns choose: it has k rows of m elements each. */
  boolean packColumns(MemorySegment a, long at, long step, int m, int k, MemorySegment bits, int stride);

  /** Sets the sums of m rows of a strip to 0. */
  void clear(int m, int vectors);

  /**
   * Forms the tables of up to {@link #SUMMANDS} rows of B, and adds what the bits choose of them to the sums.
   *
   * @param at byte where the strip's part of the first row starts; rows are {@code step} bytes apart
   * @param rows rows of B, at least 1
   * @param cols columns of B in the strip, not more than it has
   * @param first byte of the bits of the first group and row; four groups are read
   */
  void add(MemorySegment b, long at, long step, int rows, int cols, int vectors, MemorySegment bits, long first,
      int stride, int m);

  /** {@code C = sums + beta C} for the strip's part of m rows; C is not read when {@code beta} is 0. */
  void store(int m, int cols, int vectors, double beta, MemorySegment c, long at, long step);
}
