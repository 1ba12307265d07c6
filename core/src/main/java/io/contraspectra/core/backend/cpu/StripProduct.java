package io.contraspectra.core.backend.cpu;

import java.lang.foreign.MemorySegment;

/**
 * {@code A op(B)} for an A whose rows come in groups, the rows of a group being 0 at the same units, by {@link Strips}:
 * of each group only the other units are multiplied. The sums of all groups are there together afterwards.
 *
 * <p>Units are taken a chunk at a time, so that a strip of the panel and the rows that meet it stay in the second-level
 * cache. The order in which a sum's terms are added depends on the units alone.
 */
final class StripProduct {

  /** Elements that the sums may take. */
  static final int MOST_SUMS = 1 << 20;

  // Elements of the rows that are kept for a strip to pass over, together half of a second-level cache of 1 MiB.
  private static final int MOST_LEFT = 1 << 16;
  private static final int LEAST_UNITS = 128;

  /** The right operand: unit m of column j is element (j, m) or, of a transposed one, (m, j). */
  record Right(HostMatrix b, boolean transposed, long firstCol, int cols) {

    private void pack(Strips strips, int unit, int units) {
      long width = strips.width();
      MemorySegment x = b.segment();
      for (int strip = 0; strip * width < cols; strip++) {
        long col = firstCol + strip * width;
        int n = (int) Math.min(width, firstCol + cols - col);
        if (transposed) {
          strips.packColumns(x, b.at(unit, col), b.rowStride(), n, strip, units);
        } else {
          strips.packRows(x, b.at(col, unit), b.rowStride(), n, strip, units);
        }
      }
    }
  }

  /** The rows of the groups, written to the left buffer of the strips a chunk of units at a time. */
  interface Left {

    /** Elements of the left buffer that {@link #chunk} needs, for chunks of {@code units} units. */
    default int extra(int units) {
      return 0;
    }

    /** Called once for each chunk, before {@link #rows}, with the place of the extra elements. */
    default void chunk(int unit, int units, int extraAt) {}

    /** Whether all groups have the same rows, which then lie among the extra elements. */
    default boolean shared() {
      return false;
    }

    /**
     * Forms the rows of one group for the present chunk of units, each {@code units} elements after the one before.
     *
     * @param marks where to write one element a unit: 0 where all rows of the group are 0
     * @param to where the rows may be written
     * @return where the rows are
     */
    int rows(long group, int unit, int units, int marks, int to);
  }

  private final Strips strips;
  private final int rows;
  private final int padded;
  private final int units;

  /**
   * Describes the left operand.
   *
   * @param rows rows of a group
   * @param units columns of A
   */
  StripProduct(Strips strips, int rows, int units) {
    this.strips = strips;
    this.rows = rows;
    this.padded = padded(rows);
    this.units = units;
  }

  /** Rows of a group with those that fill up its last register tile. */
  static int padded(int rows) {
    return rows <= Strips.FOUR ? Strips.FOUR : rows + rows % 2;
  }

  /** Strips of so many columns. */
  private int strips(int cols) {
    return Math.ceilDiv(cols, strips.width());
  }

  /** Sums of a group and so many columns, with those of the rows and columns that fill up register tiles. */
  private int sumsOfGroup(int cols) {
    return padded * strips(cols) * strips.width();
  }

  /** Groups whose sums fit beside each other for so many columns. */
  long groupsAtOnce(int cols) {
    return Math.max(1, MOST_SUMS / sumsOfGroup(cols));
  }

  /** Where the sums of a row of a group and a strip start, counted from the first group of the last {@link #run}. */
  int sums(int group, int strip, int row, int cols) {
    return group * sumsOfGroup(cols) + (strip * padded + row) * strips.width();
  }

  /**
   * Forms the sums of some groups.
   *
   * @param first the first group
   * @param groups their number, at most {@link #groupsAtOnce}
   * @param most the largest number of units to take at once
   */
  void run(Left left, Right right, long first, int groups, int most) {
    int chunk = Math.min(units, Math.clamp(MOST_LEFT / padded, LEAST_UNITS, most));
    int block = left.shared() ? groups : Math.clamp(MOST_LEFT / ((long) padded * chunk), 1, groups);
    int own = left.shared() ? 0 : padded * chunk;
    var lists = new int[block][chunk];
    var counts = new int[block];
    var starts = new int[block];
    int extra = left.extra(chunk);
    int sums = groups * sumsOfGroup(right.cols());
    strips.reserve(extra + chunk + block * own, strips(right.cols()) * strips.width() * chunk, sums);
    strips.clearSums(sums);
    for (int unit = 0; unit < units; unit += chunk) {
      int n = Math.min(chunk, units - unit);
      right.pack(strips, unit, n);
      left.chunk(unit, n, 0);
      for (int from = 0; from < groups; from += block) {
        int count = Math.min(block, groups - from);
        for (int g = 0; g < count; g++) {
          starts[g] = left.rows(first + from + g, unit, n, extra, extra + chunk + g * own);
          counts[g] = strips.nonZeros(extra, n, lists[g]);
        }
        multiply(right.cols(), n, from, count, starts, lists, counts);
      }
    }
  }

  private void multiply(int cols, int n, int from, int count, int[] starts, int[][] lists, int[] counts) {
    for (int strip = 0; strip < strips(cols); strip++) {
      for (int g = 0; g < count; g++) {
        int row = 0;
        while (row < padded) {
          // Sixes as long as what is left can be made up of sixes and fours.
          int to = sums(from + g, strip, row, cols);
          boolean six = padded - row >= Strips.SIX && padded - row != 2 * Strips.FOUR;
          if (six) {
            strips.six(starts[g] + row * n, n, lists[g], counts[g], strip, n, to);
          } else {
            strips.four(starts[g] + row * n, n, lists[g], counts[g], strip, n, to);
          }
          row += six ? Strips.SIX : Strips.FOUR;
        }
      }
    }
  }
}
