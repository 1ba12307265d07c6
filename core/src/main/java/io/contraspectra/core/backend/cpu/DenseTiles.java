package io.contraspectra.core.backend.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Products of {@link #ROWS} rows with a strip of columns, whose sums stay in vector registers: one chain of fused
 * multiply-adds over the units for each sum. Columns are packed into a panel, unit after unit; rows are read where they
 * lie, their units being neighbours in memory.
 *
 * <p>A strip is {@link #WIDE} vectors wide, or one. Panel and sums are buffers of the instance, of one element
 * type. One instance serves one thread.
 */
interface DenseTiles {

  /** Rows of a register tile. */
  int ROWS = 6;
  /** Vectors of a wide strip. */
  int WIDE = 4;

  /** Elements of a vector. */
  int lanes();

  /** Makes sure that the panel has room for so many units. */
  void reserve(int depth);

  /** Packs the columns of a strip, of which column j starts {@code j * step} bytes after {@code at}; the rest is 0. */
  void packRows(MemorySegment x, long at, long step, int cols, int vectors, int depth);

  /** Packs the columns of a strip, of which unit k starts {@code k * step} bytes after {@code at}; the rest is 0. */
  void packColumns(MemorySegment x, long at, long step, int cols, int vectors, int depth);

  /** The sums of rows, each {@code step} bytes after the one before, with a wide strip. */
  void wide(MemorySegment a, long at, long step, int depth);

  /** As {@link #wide}, with a strip of one vector. */
  void narrow(MemorySegment a, long at, long step, int depth);

  /**
   * {@code Y = alpha sums + beta Y} for the rows of a tile from {@code from} on and its first {@code cols} columns; Y is
   * not read when {@code beta} is 0.
   *
   * @param vectors of the strip that the sums belong to
   * @param at where row 0 of the tile would start
   */
  void store(int from, int vectors, double alpha, double beta, MemorySegment y, long at, long step, int cols);
}
