package io.contraspectra.core.ntk;

/**
 * The tiles (i, j), i &lt;= j, of a symmetric matrix cut into equal blocks of samples, numbered row by row.
 *
 * @param samples N
 * @param blockSize samples in a block; the last block may be smaller
 */
record TriangularGrid(long samples, long blockSize) {

  /** One tile: rows [rowStart, rowStart + rows) by columns [colStart, colStart + cols), in samples. */
  record Tile(long rowStart, long rows, long colStart, long cols) {}

  long blocks() {
    return Math.ceilDiv(samples, blockSize);
  }

  long tiles() {
    return blocks() * (blocks() + 1) / 2;
  }

  /** Pairs of samples in all tiles. */
  double pairs() {
    double pairs = 0;
    for (long index = 0; index < tiles(); index++) {
      Tile tile = tile(index);
      pairs += (double) tile.rows() * tile.cols();
    }
    return pairs;
  }

  Tile tile(long index) {
    long row = 0;
    long remaining = index;
    while (remaining >= blocks() - row) {
      remaining -= blocks() - row;
      row++;
    }
    long col = row + remaining;
    return new Tile(row * blockSize, length(row), col * blockSize, length(col));
  }

  private long length(long block) {
    return Math.min(blockSize, samples - block * blockSize);
  }
}
