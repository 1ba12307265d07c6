package io.contraspectra.core.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@code A op(B)} for an A whose rows come in groups, by {@link Strips}. Where the rows of a group are 0 at the same
 * units, only the other units are multiplied; where there are no such gaps, groups come in bundles, whose rows follow
 * each other without filling.
 *
 * <p>Units are taken a chunk at a time, so that a strip of the panel and the rows that meet it stay in the second-level
 * cache. The order in which a sum's terms are added depends on the units alone.
 */
final class StripProduct {

  // Elements that the sums may take: while all units are taken at once they stay in the second-level cache; otherwise
  // many groups share a panel, which is packed for each chunk.
  private static final int FEW_SUMS = 1 << 17;
  private static final int MOST_SUMS = 1 << 20;

  // Elements of the rows that a strip passes over. Those of bundles are read in order, which the third-level cache is
  // fast enough for; with gaps the panel is not, and needs the second-level one.
  private static final int MOST_LEFT = 1 << 16;
  private static final int MOST_BUNDLED = 1 << 18;

  // Rows of a bundle: of narrow layers many would fit, but each has a sum for every column.
  private static final int MOST_BUNDLED_ROWS = 256;
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

  /** Takes the sums of a group, counted from the first one, as soon as they are there. */
  interface Sink {
    void take(int group);
  }

  private final Strips strips;
  private final int rows;
  private final int units;
  private final int chunk;
  private final boolean gaps;
  private final int bundle;
  private final int padded;
  private int start;

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
    this.chunk = Math.min(units, Math.clamp((gaps ? MOST_LEFT : MOST_BUNDLED) / padded(rows), LEAST_UNITS, most));
    this.gaps = gaps;
    this.bundle = gaps ? 1 : Math.max(1, Math.min(MOST_BUNDLED / (rows * chunk), MOST_BUNDLED_ROWS / rows));
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

  /** Where the sums of a row of a group and a strip start, while the {@link Sink} takes that group's. */
  int sums(int group, int strip, int row, int cols) {
    return sumsOf(group / bundle - start, strip, cols) + (group % bundle * rows + row) * strips.width();
  }

  private int sumsOf(int bundle, int strip, int cols) {
    return bundle * sumsOfBundle(cols) + strip * padded * strips.width();
  }

  /**
   * Forms the sums of some groups.
   *
   * @param first the first group
   * @param groups their number
   */
  void run(Left left, Right right, long first, int groups, Sink sink) {
    int bundles = Math.ceilDiv(groups, bundle);
    boolean once = chunk >= units;
    int span = Math.clamp((once ? FEW_SUMS : MOST_SUMS) / sumsOfBundle(right.cols()), 1, bundles);
    int own = left.shared() ? 0 : padded * chunk;
    int block = left.shared() ? span : Math.clamp(MOST_LEFT / ((long) padded * chunk), 1, span);
    var rows = new Rows(left, first, groups, block, own);
    strips.reserve(rows.length(), strips(right.cols()) * strips.width() * chunk, span * sumsOfBundle(right.cols()));
    for (start = 0; start < bundles; start += span) {
      int end = Math.min(bundles, start + span);
      strips.clearSums((end - start) * sumsOfBundle(right.cols()));
      for (int unit = 0; unit < units; unit += chunk) {
        int n = Math.min(chunk, units - unit);
        if (start == 0 || !once) {
          right.pack(strips, unit, n);
          left.chunk(unit, n, 0);
        }
        for (int from = start; from < end; from += block) {
          rows.form(from, Math.min(block, end - from), unit, n);
          multiply(rows, n, right.cols());
        }
      }
      for (int group = start * bundle; group < Math.min(groups, end * bundle); group++) {
        sink.take(group);
      }
    }
  }

  private void multiply(Rows rows, int n, int cols) {
    for (int strip = 0; strip < strips(cols); strip++) {
      for (int b = 0; b < rows.count; b++) {
        multiply(rows.starts[b], n, rows.list(b), rows.listed[b], strip, rows.height(b),
            sumsOf(rows.from + b - start, strip, cols));
      }
    }
  }

  /** The rows of some bundles for a chunk of units. */
  private final class Rows {
    private final Left left;
    private final long first;
    private final int groups;
    private final int own;
    private final int extra;
    private final int[][] lists;
    private final int[] starts;
    private final int[] listed;
    private int from;
    private int count;

    Rows(Left left, long first, int groups, int block, int own) {
      this.left = left;
      this.first = first;
      this.groups = groups;
      this.own = own;
      this.extra = left.extra(chunk);
      this.lists = new int[gaps ? block : 1][chunk];
      this.starts = new int[block];
      this.listed = new int[block];
      Arrays.setAll(lists[0], i -> i);
    }

    /** Elements of the left buffer. */
    int length() {
      return extra + chunk + starts.length * own;
    }

    void form(int fromBundle, int bundles, int unit, int n) {
      from = fromBundle;
      count = bundles;
      for (int b = 0; b < count; b++) {
        int to = extra + chunk + b * own;
        starts[b] = to;
        for (int g = 0; g < groups(b); g++) {
          int at = left.rows(first + (from + b) * bundle + g, unit, n, extra, to + g * rows * n);
          starts[b] = g == 0 ? at : starts[b];
        }
        listed[b] = gaps ? strips.nonZeros(extra, n, lists[b]) : n;
      }
    }

    int[] list(int b) {
      return lists[gaps ? b : 0];
    }

    /** Rows of a bundle, filled up: the last one may have fewer groups. */
    int height(int b) {
      return padded(groups(b) * rows);
    }

    private int groups(int b) {
      return Math.min(bundle, groups - (from + b) * bundle);
    }
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
