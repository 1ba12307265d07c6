package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.OverBudget;
import java.util.function.LongUnaryOperator;

/**
 * How the products of a kernel with vectors are fitted into a memory budget. The budget decides how many samples'
 * signals are held at a time and how many tiles are in flight, never what a tile is or in which order tiles add up.
 *
 * @param rows the cut of the samples of the kernel's rows
 * @param cols the cut of the samples of its columns
 * @param symmetric whether both are the same samples, so that a tile off the diagonal serves twice
 * @param rowBlocks blocks of rows whose signals are held at a time
 * @param colBlocks blocks of columns whose signals are held beside those; 0 if those of the rows are all there are
 * @param wave tiles whose contributions may wait to be added up
 * @param bytes memory at the peak, without the vectors and their products
 */
record StreamPlan(SampleBlocks rows, SampleBlocks cols, boolean symmetric, long rowBlocks, long colBlocks, long wave,
    long bytes) {

  // More waiting contributions than these no longer keep threads busier.
  private static final long WAVE_PER_THREAD = 16;
  // Columns pass by the rows that are held; a few at a time keep as many threads busy as many.
  private static final long ROWS_PER_COLUMN = 8;

  /**
   * Bytes of what a product takes.
   *
   * @param rowSignals of the signals of a number of samples of the rows
   * @param colSignals of the signals of a number of samples of the columns
   * @param scratch of the computation of signals, for all threads
   * @param tile of a tile while it is formed
   * @param contribution of what a tile adds to the products
   */
  record Sizes(LongUnaryOperator rowSignals, LongUnaryOperator colSignals, long scratch, long tile,
      long contribution) {}

  /**
   * The fastest plan that the budget allows.
   *
   * @param threads tiles that can be formed at once
   * @throws OverBudget if the budget is too small for one tile, with the least that is enough
   */
  static StreamPlan of(SampleBlocks rows, SampleBlocks cols, boolean symmetric, Sizes sizes, long threads,
      long budget) {
    for (long inFlight = threads; inFlight >= 1; inFlight--) {
      long room = budget - sizes.scratch() - inFlight * (sizes.tile() + sizes.contribution());
      long rowBlocks = mostRowBlocks(rows, cols, symmetric, sizes, room);
      if (rowBlocks > 0) {
        long signals = signals(rows, cols, symmetric, sizes, rowBlocks);
        long waiting = Math.min((room - signals) / Math.max(1, sizes.contribution()), inFlight * (WAVE_PER_THREAD - 1));
        // A wave that is longer than the threads that fit would let more of them form tiles.
        long wave = inFlight < threads ? inFlight : inFlight + waiting;
        return new StreamPlan(rows, cols, symmetric, rowBlocks, colBlocks(rows, cols, symmetric, rowBlocks), wave,
            sizes.scratch() + signals + inFlight * sizes.tile() + wave * sizes.contribution());
      }
    }
    long least = sizes.scratch() + sizes.tile() + sizes.contribution() + signals(rows, cols, symmetric, sizes, 1);
    throw new OverBudget(
        "ntk: one tile of " + rows.size(0) + "x" + cols.size(0) + " samples with its signals", budget, least);
  }

  // Signals grow with the number of blocks, but for the last step to all: then the columns need none of their own.
  private static long mostRowBlocks(
      SampleBlocks rows, SampleBlocks cols, boolean symmetric, Sizes sizes, long room) {
    if (signals(rows, cols, symmetric, sizes, rows.count()) <= room) {
      return Math.max(1, rows.count());
    }
    long fits = 0;
    long fails = rows.count();
    while (fails - fits > 1) {
      long middle = (fits + fails) / 2;
      if (signals(rows, cols, symmetric, sizes, middle) <= room) {
        fits = middle;
      } else {
        fails = middle;
      }
    }
    return fits;
  }

  private static long signals(
      SampleBlocks rows, SampleBlocks cols, boolean symmetric, Sizes sizes, long rowBlocks) {
    return sizes.rowSignals().applyAsLong(rows.span(0, rowBlocks))
        + sizes.colSignals().applyAsLong(cols.span(0, colBlocks(rows, cols, symmetric, rowBlocks)));
  }

  private static long colBlocks(SampleBlocks rows, SampleBlocks cols, boolean symmetric, long rowBlocks) {
    if (rowBlocks >= rows.count()) {
      return symmetric ? 0 : cols.count();
    }
    return Math.min(Math.max(1, rowBlocks / ROWS_PER_COLUMN), cols.count());
  }

  /** Samples of the rows whose signals are held at a time. */
  long rowCapacity() {
    return rows.span(0, rowBlocks);
  }

  /** Samples of the columns whose signals are held at a time beside those of the rows. */
  long colCapacity() {
    return cols.span(0, colBlocks);
  }

  /** Number of tiles. */
  long tiles() {
    return symmetric ? rows.count() * (rows.count() + 1) / 2 : rows.count() * cols.count();
  }

  /** The tile of a block of rows and one of columns. */
  TileGrid.Tile tile(long row, long col) {
    return new TileGrid.Tile(rows.first(row), rows.size(row), cols.first(col), cols.size(col));
  }

  /** Samples whose signals are computed for one product when none are held before. */
  double samplesLoaded() {
    double loaded = rows.samples();
    long held = -1;
    for (long row = 0; row < rows.count(); row += rowBlocks) {
      // A group of columns that was the last one to pass by may be the next one, too.
      for (long col = symmetric ? row + rowBlocks : 0; col < cols.count(); col += colBlocks) {
        loaded += col == held ? 0 : cols.span(col, Math.min(cols.count(), col + colBlocks));
        held = col;
      }
    }
    return loaded;
  }

  /** Whether the signals of all samples are held, so that another product need not compute them again. */
  boolean resident() {
    return rowBlocks >= rows.count() && (symmetric || colBlocks >= cols.count());
  }
}
