package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.OverBudget;
import io.contraspectra.core.network.Network;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How a kernel that is to be stored is fitted into a memory budget. The budget decides for how many samples signals are
 * held at a time and how many tiles are in flight, never what a tile is.
 *
 * @param kind which kernel
 * @param terms its terms
 * @param grid its tiles
 * @param rows the cut of the samples of its rows
 * @param cols the cut of the samples of its columns
 * @param rowCapacity samples of the rows whose signals are held at a time
 * @param colCapacity samples of the columns whose signals are held beside those; 0 if those of the rows are all there
 *     are
 * @param inFlight tiles that may be formed at once
 * @param tileBytes memory that forming one takes
 * @param bytes memory at the peak, the kernel itself not counted
 */
record GramPlan(KernelKind kind, NtkTerms terms, TileGrid grid, SampleBlocks rows, SampleBlocks cols, long rowCapacity,
    long colCapacity, long inFlight, long tileBytes, long bytes) {

  // Columns pass by the rows that are held.
  private static final long ROWS_PER_COLUMN = 4;

  /**
   * The fastest plan that the budget allows.
   *
   * @param n samples of the rows
   * @param m samples of the columns
   * @param symmetric whether they are the same samples
   * @param sent whether tiles are formed apart and sent to another memory, where the kernel is stored
   * @throws OverBudget if the budget is too small for one tile
   */
  static GramPlan of(
      Network network, KernelKind kind, NtkTerms terms, long n, long m, boolean symmetric, boolean sent, long budget) {
    SampleBlocks rows = kind.blocks(network.architecture(), n);
    SampleBlocks cols = kind.blocks(network.architecture(), m);
    TileGrid grid = kind.grid(network.architecture(), n, m, symmetric);
    long threads = Math.max(1, Math.min(network.backend().concurrency(), grid.tiles()));
    long fixed = network.backend().concurrency() * (InputSignals.scratchBytes(network, rows)
        + (symmetric ? 0 : InputSignals.scratchBytes(network, cols)));
    long height = Math.min(n, grid.blockRows());
    long width = Math.min(m, grid.blockCols());
    long tile = sent ? kind.sentBytes(network, height, width, symmetric) : kind.scratchBytes(network, height, width);
    long fewestRows = rows.chunksAround(height);
    long fewestCols = cols.chunksAround(width);
    long all = signals(network, kind, terms, symmetric ? n : n + m);
    long fewest = signals(network, kind, terms, fewestRows + fewestCols);
    for (long inFlight = threads; inFlight >= 1; inFlight--) {
      long room = budget - fixed - inFlight * tile;
      if (all <= room) {
        return new GramPlan(
            kind, terms, grid, rows, cols, n, symmetric ? 0 : m, inFlight, tile, budget - room + all);
      }
      if (fewest <= room) {
        long samples = samplesIn(network, kind, terms, room, fewestRows + fewestCols, symmetric ? n : n + m);
        long colCapacity = Math.min(m, Math.max(fewestCols, samples / ROWS_PER_COLUMN));
        long rowCapacity = Math.min(n, samples - colCapacity);
        return new GramPlan(kind, terms, grid, rows, cols, rowCapacity, colCapacity, inFlight, tile,
            budget - room + signals(network, kind, terms, rowCapacity + colCapacity));
      }
    }
    throw new OverBudget("ntk: one tile of " + height + "x" + width
        + " samples with its signals", budget, fixed + tile + Math.min(all, fewest));
  }

  // Two sets of inputs have their signals apart, and each its own gaps between matrices: no more than one sample takes.
  private static long signals(Network network, KernelKind kind, NtkTerms terms, long samples) {
    return InputSignals.bytes(network, kind.needs(terms), samples)
        + InputSignals.bytes(network, kind.needs(terms), 1);
  }

  /** The most samples whose signals fit. */
  private static long samplesIn(
      Network network, KernelKind kind, NtkTerms terms, long room, long fits, long fails) {
    while (fails - fits > 1) {
      long middle = (fits + fails) / 2;
      if (signals(network, kind, terms, middle) <= room) {
        fits = middle;
      } else {
        fails = middle;
      }
    }
    return fits;
  }

  /** Consecutive rows of tiles, and the samples whose signals they take. */
  record RowGroup(long first, long count, List<ColumnGroup> columns) {}

  /** Some tiles of such rows, and the samples whose signals their columns take. */
  record ColumnGroup(long first, long count, List<TileGrid.Tile> tiles) {}

  /** All tiles, in the order in which signals are held for them. */
  List<RowGroup> groups() {
    var groups = new ArrayList<RowGroup>();
    long row = 0;
    while (row < grid.rows()) {
      long first = rows.chunkStart(row);
      long end = Math.min(grid.rows(), row + grid.blockRows());
      while (end < grid.rows()
          && rows.chunkEnd(Math.min(grid.rows(), end + grid.blockRows())) - first <= rowCapacity) {
        end = Math.min(grid.rows(), end + grid.blockRows());
      }
      groups.add(new RowGroup(first, rows.chunkEnd(end) - first, columns(row, end)));
      row = end;
    }
    return groups;
  }

  private List<ColumnGroup> columns(long row, long end) {
    var tiles = new ArrayList<TileGrid.Tile>();
    for (long at = row; at < end; at += grid.blockRows()) {
      tiles.addAll(grid.stripe(at));
    }
    if (colCapacity == 0) {
      return List.of(new ColumnGroup(0, 0, tiles));
    }
    tiles.sort(Comparator.comparingLong(TileGrid.Tile::colStart));
    var groups = new ArrayList<ColumnGroup>();
    int from = 0;
    while (from < tiles.size()) {
      long first = cols.chunkStart(tiles.get(from).colStart());
      long last = cols.chunkEnd(tiles.get(from).colStart() + tiles.get(from).cols());
      int to = from + 1;
      while (to < tiles.size()) {
        long next = cols.chunkEnd(tiles.get(to).colStart() + tiles.get(to).cols());
        if (Math.max(last, next) - first > colCapacity) {
          break;
        }
        last = Math.max(last, next);
        to++;
      }
      groups.add(new ColumnGroup(first, last - first, List.copyOf(tiles.subList(from, to))));
      from = to;
    }
    return groups;
  }

  /** Flops of one of the tiles. */
  double flops(Network network, TileGrid.Tile tile) {
    boolean diagonal = grid.symmetric() && tile.rowStart() == tile.colStart() && tile.rows() <= tile.cols();
    return kind.tileFlops(network.architecture(), terms, tile, diagonal);
  }

  /** Flops of all tiles. */
  double tileFlops(Network network) {
    double flops = 0;
    for (long row = 0; row < grid.rows(); row += grid.blockRows()) {
      // All tiles of a row together, as one.
      long first = grid.symmetric() ? row : 0;
      flops += flops(network, new TileGrid.Tile(
          row, Math.min(grid.blockRows(), grid.rows() - row), first, grid.cols() - first));
    }
    return flops;
  }

  /** Samples whose signals are computed in all. */
  double samplesLoaded() {
    if (rowCapacity >= grid.rows() && (colCapacity == 0 || colCapacity >= grid.cols())) {
      return grid.rows() + (grid.symmetric() ? 0 : grid.cols());
    }
    double loaded = 0;
    ColumnGroup held = new ColumnGroup(-1, -1, List.of());
    for (RowGroup group : groups()) {
      loaded += group.count();
      for (ColumnGroup columns : group.columns()) {
        loaded += columns.first() == held.first() && columns.count() == held.count() ? 0 : columns.count();
        held = columns;
      }
    }
    return loaded;
  }
}
