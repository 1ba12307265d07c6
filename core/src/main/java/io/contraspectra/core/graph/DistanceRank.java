package io.contraspectra.core.graph;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;

/**
 * Finds the distance of a given rank among all pairs without keeping or sorting them: non-negative doubles are ordered
 * as their bits are, so four passes fix sixteen bits each. Every pass counts, tile by tile, how the distances that
 * begin with the bits known so far go on.
 */
final class DistanceRank {

  private static final int DIGIT_BITS = 16;
  private static final int DIGITS = 1 << DIGIT_BITS;

  private final SquaredDistances distances;
  private final Backend backend;

  DistanceRank(SquaredDistances distances, Backend backend) {
    this.distances = distances;
    this.backend = backend;
  }

  /** The bits of the squared distance of a rank, 0 for the smallest of all N². */
  long at(long rank) {
    long prefix = 0;
    long left = rank;
    for (int shift = Long.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
      long[] counts = counts(prefix, shift);
      int digit = 0;
      while (left >= counts[digit]) {
        left -= counts[digit++];
      }
      prefix = prefix << DIGIT_BITS | digit;
    }
    return prefix;
  }

  private long[] counts(long prefix, int shift) {
    var counts = new long[DIGITS];
    int n = distances.samples();
    long tiles = Math.ceilDiv(n, SquaredDistances.TILE_ROWS);
    backend.tiles(tiles, distances.tileBytes(), Progress.current(), (tile, workspace) -> {
      var own = new int[DIGITS];
      int row = (int) tile * SquaredDistances.TILE_ROWS;
      int rows = Math.min(SquaredDistances.TILE_ROWS, n - row);
      for (int col = 0; col < n; col += SquaredDistances.TILE_COLS) {
        int cols = Math.min(SquaredDistances.TILE_COLS, n - col);
        count(distances.products(row, rows, col, cols, workspace), row, col, cols, prefix, shift, own);
      }
      synchronized (counts) {
        for (int digit = 0; digit < DIGITS; digit++) {
          counts[digit] += own[digit];
        }
      }
    });
    return counts;
  }

  private void count(double[] products, int row, int col, int cols, long prefix, int shift, int[] counts) {
    double[] norms = distances.norms();
    for (int at = 0; at < products.length; at++) {
      int i = row + at / cols;
      int j = col + at % cols;
      double distance = i == j ? 0 : Math.max(0, norms[i] + norms[j] + products[at]);
      long bits = Double.doubleToRawLongBits(distance);
      // A shift by the whole width would do nothing: before the first digit every distance fits.
      if (shift + DIGIT_BITS == Long.SIZE || bits >>> shift + DIGIT_BITS == prefix) {
        counts[(int) (bits >>> shift) & DIGITS - 1]++;
      }
    }
  }
}
