package io.contraspectra.core.backend.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Products of a few rows with a panel of packed columns, whose sums stay in vector registers, over a list of units:
 * units at which the rows are known to be 0 cost nothing when they are left off the list. Each product is one chain of
 * fused multiply-adds in the order of the list, whatever rows it is computed beside.
 *
 * <p>Works on three buffers of its own, of one element type: rows to the left, the panel, and sums. Places in the left
 * rows and in the sums are counted in elements. One instance serves one thread.
 */
interface Strips {

  /** Rows that a register tile may have. */
  int SIX = 6;
  /** The other number of rows that a register tile may have. */
  int FOUR = 4;

  /** Columns of a strip of the panel: four vectors. */
  int width();

  /** Makes sure that the buffers have so many elements; what they held is lost where they had fewer. */
  void reserve(int left, int panel, int sums);

  /** {@code left[to + i] = x_i}, from byte {@code at} on. */
  void load(MemorySegment x, long at, int to, int n);

  /** {@code left[to + i] = 0}. */
  void clear(int to, int n);

  /** {@code left[to + i] = left[a + i] left[b + i]}. */
  void multiply(int a, int b, int to, int n);

  /** {@code left[to + i] = left[to + i] + |left[a + i]|}. */
  void addMagnitudes(int a, int to, int n);

  /** Lists the places, counted from {@code at}, of the left elements that are not 0; returns their number. */
  int nonZeros(int at, int n, int[] units);

  /** Whether each of {@code n} left elements is 0 or 1. */
  boolean areBits(int at, int n);

  /** Packs the columns of a strip: row j of them starts {@code j * step} bytes after {@code at}; n units each. */
  void packRows(MemorySegment x, long at, long step, int cols, int strip, int n);

  /** Packs the columns of a strip: unit i of them starts {@code i * step} bytes after {@code at}. */
  void packColumns(MemorySegment x, long at, long step, int cols, int strip, int n);

  /** Sets the first {@code n} sums to 0. */
  void clearSums(int n);

  /**
   * Adds the products of {@link #SIX} rows with a strip to the sums, {@link #width} sums of each row after the other.
   *
   * @param left where the first row starts
   * @param leftStep from a row to the next
   * @param units the list of units
   * @param count units on the list
   * @param strip the strip, packed with {@code n} units
   * @param to where the sums of the first row and the strip start
   */
  void six(int left, int leftStep, int[] units, int count, int strip, int n, int to);

  /** As {@link #six}, for {@link #FOUR} rows. */
  void four(int left, int leftStep, int[] units, int count, int strip, int n, int to);

  /** {@code y = alpha sums + beta y} for n sums from {@code at} on; y is not read when {@code beta} is 0. */
  void store(int at, double alpha, double beta, MemorySegment y, long to, int n);

  /**
   * {@code sums[at + row * width + j] *= left[by + j]} for j below n, rounded up to whole vectors, and some rows of
   * sums that follow each other.
   */
  void scale(int at, int rows, int by, int n);

  /** How {@link #storeInterleaved} reads rows of sums, given by their numbers from a first row on. */
  int[] interleaving(int[] rows);

  /**
   * {@code y_(jK+l) = sums_l,j} for j below n and K rows l of sums.
   *
   * @param at where the row of number 0 starts
   * @param places what {@link #interleaving} said of the rows
   * @param addends where numbers start among the left elements that are added to row {@code first}; below 0 for none
   */
  void storeInterleaved(int at, int[] places, int addends, int first, MemorySegment y, long to, int n);
}
