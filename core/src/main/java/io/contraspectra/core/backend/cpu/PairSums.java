package io.contraspectra.core.backend.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Sums {@code Σ_m G_im H_jm W_km W_lm} for some rows i and all rows j: for each (i, j) one run of numbers, the pairs
 * k &lt;= l row by row.
 *
 * @param segment where the sums are
 * @param rowStep bytes from (i, j) to (i + 1, j)
 * @param colStep bytes from (i, j) to (i, j + 1)
 */
record PairSums(MemorySegment segment, long rowStep, long colStep) {

  /** Forms sums for the rows i that it is asked for. */
  interface Source {

    /** How many rows i are best asked for at once. */
    long rowsAtOnce();

    /** The sums of the rows {@code row} to {@code row + count - 1} of G; valid until the next call. */
    PairSums of(long row, long count);
  }

  /** The number of pairs k &lt;= l below {@code outputs}. */
  static int pairs(int outputs) {
    return outputs * (outputs + 1) / 2;
  }

  long at(long row, long col) {
    return row * rowStep + col * colStep;
  }
}
