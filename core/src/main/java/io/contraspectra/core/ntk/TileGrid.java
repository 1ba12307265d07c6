package io.contraspectra.core.ntk;

import java.util.List;
import java.util.stream.LongStream;

/**
 * A kernel between N samples and N' samples, cut into tiles of about equal size, numbered row by row. A function of
 * shapes alone, so that results do not depend on threads or memory.
 *
 * @param rows N
 * @param cols N'
 * @param blockRows samples along the rows of a tile; the last tiles may be smaller
 * @param blockCols samples along the columns of a tile
 * @param symmetric whether a tile starts at its rows' own first sample, so that entries below the diagonal are left out
 */
record TileGrid(long rows, long cols, long blockRows, long blockCols, boolean symmetric) {

  /** One tile: rows [rowStart, rowStart + rows) by columns [colStart, colStart + cols), in samples. */
  record Tile(long rowStart, long rows, long colStart, long cols) {}

  long tiles() {
    long tiles = 0;
    for (long row = 0; row < rows; row += blockRows) {
      tiles += tilesOf(row);
    }
    return tiles;
  }

  /** Pairs of samples in all tiles. */
  double pairs() {
    double pairs = 0;
    for (long row = 0; row < rows; row += blockRows) {
      pairs += (double) Math.min(blockRows, rows - row) * (cols - firstCol(row));
    }
    return pairs;
  }

  Tile tile(long index) {
    long row = 0;
    long remaining = index;
    for (long inRow = tilesOf(row); remaining >= inRow; inRow = tilesOf(row)) {
      remaining -= inRow;
      row += blockRows;
    }
    return tile(row, remaining);
  }

  /** The tiles whose rows start with a sample, from left to right. */
  List<Tile> stripe(long row) {
    return LongStream.range(0, tilesOf(row)).mapToObj(index -> tile(row, index)).toList();
  }

  // The tiles of a row share its columns evenly, so that none is a remnant.
  private Tile tile(long row, long index) {
    long width = Math.ceilDiv(cols - firstCol(row), tilesOf(row));
    long col = firstCol(row) + index * width;
    return new Tile(row, Math.min(blockRows, rows - row), col, Math.min(width, cols - col));
  }

  private long tilesOf(long row) {
    return Math.ceilDiv(cols - firstCol(row), blockCols);
  }

  private long firstCol(long row) {
    return symmetric ? row : 0;
  }
}
