package io.contraspectra.core.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@code A op(B)} for an A whose rows come in groups, by {@link Strips}. Where the rows of a group are 0 at the same
 * units, only the other units are multiplied; where there are no such gaps, groups come in bundles, whose rows follow
 * each other without filling. The sums of all groups are there together afterwards.
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
     * @param marks where to write one element a unit: 0 where all rows of the group are 0; if there are gaps
     * @param to where to write the rows, unless all groups share theirs
     * @return where the rows are
     */
    int rows(long group, int unit, int units, int marks, int to);
  }

  private final Strips strips;
  private final int rows;
  private final int units;
  private final int chunk;
  private final boolean gaps;
  private final int bundle;
  private final int padded;

  /**
   * Describes the left operand.
   *
   * @param rows rows of a group
   * @param units columns of A
   * @param most the largest number of units to take at once
   * @param gaps whether groups have units to be left out; otherwise groups share register tiles
   */
  StripProduct(Strips strips, int rows, int units, int most, boolean gaps) {
    this.strips = strips;
    this.rows = rows;
    this.units = units;
    this.chunk = Math.min(units, Math.clamp(MOST_LEFT / padded(rows), LEAST_UNITS, most));
    this.gaps = gaps;
    this.bundle = gaps ? 1 : Math.max(1, MOST_LEFT / (rows * chunk));
    this.padded = padded(bundle * rows);
  }

  /** Rows with those that fill up the last register tile. */
  static int padded(int rows) {
    return rows <= Strips.FOUR ? Strips.FOUR : rows + rows % 2;
  }

  /** Strips of so many columns. */
  private int strips(int cols) {
    return Math.ceilDiv(cols, strips.width());
  }

  /** Sums of a bundle of groups and so many columns, with those that fill up register tiles. */
  private int sumsOfBundle(int cols) {
    return padded * strips(cols) * strips.width();
  }

  /** Groups whose sums fit beside each other for so many columns. */
  long groupsAtOnce(int cols) {
    return (long) bundle * Math.max(1, MOST_SUMS / sumsOfBundle(cols));
  }

  /** Where the sums of a row of a group and a strip start, counted from the first group of the last {@link #run}. */
  int sums(int group, int strip, int row, int cols) {
    return tile(group / bundle, strip, group % bundle * rows + row, cols);
  }

  private int tile(int bundle, int strip, int row, int cols) {
    return bundle * sumsOfBundle(cols) + (strip * padded + row) * strips.width();
  }

  /**
   * Forms the sums of some groups.
   *
   * @param first the first group
   * @param groups their number, at most {@link #groupsAtOnce}
   */
  void run(Left left, Right right, long first, int groups) {
    int bundles = Math.ceilDiv(groups, bundle);
    int own = left.shared() ? 0 : padded * chunk;
    int block = left.shared() ? bundles : Math.clamp(MOST_LEFT / ((long) padded * chunk), 1, bundles);
    var lists = new int[gaps ? block : 1][chunk];
    var counts = new int[block];
    var starts = new int[block];
    int extra = left.extra(chunk);
    int sums = bundles * sumsOfBundle(right.cols());
    strips.reserve(extra + chunk + block * own, strips(right.cols()) * strips.width() * chunk, sums);
    strips.clearSums(sums);
    Arrays.setAll(lists[0], i -> i);
    for (int unit = 0; unit < units; unit += chunk) {
      int n = Math.min(chunk, units - unit);
      right.pack(strips, unit, n);
      left.chunk(unit, n, 0);
      for (int from = 0; from < bundles; from += block) {
        int count = Math.min(block, bundles - from);
        for (int b = 0; b < count; b++) {
          int group = (from + b) * bundle;
          starts[b] = rows(left, first + group, Math.min(bundle, groups - group), unit, n, extra, b * own);
          counts[b] = gaps ? strips.nonZeros(extra, n, lists[b]) : n;
        }
        for (int strip = 0; strip < strips(right.cols()); strip++) {
          for (int b = 0; b < count; b++) {
            int height = padded(Math.min(bundle, groups - (from + b) * bundle) * rows);
            multiply(starts[b], n, lists[gaps ? b : 0], counts[b], strip, height, tile(from + b, strip, 0, right.cols()));
          }
        }
      }
    }
  }

  /** Forms the rows of a bundle, one group's after the other's. */
  private int rows(Left left, long group, int groups, int unit, int n, int marks, int offset) {
    int to = marks + chunk + offset;
    int start = left.rows(group, unit, n, marks, to);
    for (int g = 1; g < groups; g++) {
      left.rows(group + g, unit, n, marks, to + g * rows * n);
    }
    return start;
  }

  private void multiply(int left, int n, int[] list, int count, int strip, int height, int to) {
    int row = 0;
    while (row < height) {
      // Sixes as long as what is left can be made up of sixes and fours.
      int rest = height - row;
      boolean six = rest >= Strips.SIX && rest != 2 * Strips.FOUR;
      if (six) {
        strips.six(left + row * n, n, list, count, strip, n, to + row * strips.width());
      } else {
        strips.four(left + row * n, n, list, count, strip, n, to + row * strips.width());
      }
      row += six ? Strips.SIX : Strips.FOUR;
    }
  }
}
