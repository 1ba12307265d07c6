package io.contraspectra.core.backend.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Sums over the units that are active at two samples, read from tables: for the five units of one byte of their masks a
 * table holds the sum of every subset, so that five multiply-adds become one addition. All tables of one word are for
 * one strip of {@link #stripLength()} numbers, which the sums of a pair of samples have in registers meanwhile.
 */
interface MaskTables {

  /** Numbers in an entry of a table. */
  int stripLength();

  /**
   * Fills the tables of one word of units.
   *
   * @param terms for each of the word's units {@code stride} numbers, rounded to the element type on the way
   * @param from the first number of the strip within those of a unit
   */
  void fill(double[] terms, int stride, int from);

  /**
   * For every j below {@code cols} adds the sum over the units of {@code left & right.word(j, word)} to the strip at
   * {@code at + j * step} bytes.
   */
  void add(long left, UnitMasks right, int word, int cols, MemorySegment sums, long at, long step);
}
