package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.NE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code C = A Bᵀ} for floats that are 0 or, in column m, {@code v_m}, by tables of partial sums: of every {@link #GROUP}
 * units there are 32 possible sums of {@code v_m²}, which two vector registers hold. The bits at which two samples are
 * both active choose one, for 16 samples in one instruction; so a vector adds 80 products where a multiply-add has 16.
 *
 * <p>Every entry is one chain of additions in the order of the units, whatever entries it is computed beside. One
 * instance serves one thread.
 */
final class MaskTables {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = FLOATS.length();
  private static final long BYTES = Float.BYTES;

  // Units of a table, tables of a word, and units of a word: its two highest bits stay empty.
  private static final int GROUP = 5;
  private static final int GROUPS = 6;
  private static final int WORD = GROUP * GROUPS;
  private static final int ENTRIES = 1 << GROUP;

  private static final int ROWS = 8;
  // Rows whose groups stay in the second-level cache, half a megabyte of them.
  private static final int MOST_LEFT = 1 << 17;

  private final float[] sums = new float[ROWS * LANES];
  private final float[] values;
  private final int words;
  private final int[] tables;
  private final long[] bits;
  private int[] left = new int[0];
  private int[] panel = new int[0];

  /** Forms the tables of the values v, 1 x m. */
  MaskTables(HostMatrix v, int units) {
    this.words = Math.ceilDiv(units, WORD);
    this.values = new float[units];
    this.tables = new int[words * GROUPS * ENTRIES];
    // One more word: bits are read across two.
    this.bits = new long[units / Long.SIZE + 2];
    MemorySegment.copy(v.segment(), JAVA_FLOAT, v.at(0, 0), values, 0, units);
    var sum = new double[ENTRIES];
    for (int group = 0; group < words * GROUPS; group++) {
      for (int entry = 1; entry < ENTRIES; entry++) {
        int unit = group * GROUP + Integer.numberOfTrailingZeros(entry);
        double value = unit < units ? values[unit] : 0;
        sum[entry] = sum[entry & (entry - 1)] + value * value;
        tables[group * ENTRIES + entry] = Float.floatToRawIntBits((float) sum[entry]);
      }
    }
  }

  /**
   * Writes C.
   *
   * @param upper whether entries below the diagonal of C are left as they are
   * @return false, with nothing written, if an entry of A or B is neither 0 nor the value of its column
   */
  boolean into(HostMatrix a, int rows, HostMatrix b, int cols, boolean upper, HostMatrix c) {
    var packed = new int[rows * words];
    panel = new int[Math.ceilDiv(cols, LANES) * LANES * words];
    if (!pack(a, rows, 1, packed) || !pack(b, cols, LANES, panel)) {
      return false;
    }
    int step = words * GROUPS;
    int block = Math.clamp(MOST_LEFT / step / ROWS, 1, Math.ceilDiv(rows, ROWS)) * ROWS;
    left = new int[block * step];
    for (int row = 0; row < rows; row += block) {
      int count = Math.min(block, rows - row);
      unpack(packed, row * words, count * words);
      multiply(row, count, cols, upper, c);
    }
    return true;
  }

  /** Packs the masks of rows, the words of {@code lanes} rows beside each other. */
  private boolean pack(HostMatrix x, int rows, int lanes, int[] to) {
    for (int row = 0; row < rows; row++) {
      if (!read(x.segment(), x.at(row, 0))) {
        return false;
      }
      int at = row / lanes * lanes * words + row % lanes;
      for (int word = 0; word < words; word++) {
        to[at + word * lanes] = word(word);
      }
    }
    return true;
  }

  /** Reads the mask of a row to {@link #bits}; returns whether it is one. */
  private boolean read(MemorySegment x, long at) {
    int units = values.length;
    long strangers = 0;
    long word = 0;
    int i = 0;
    for (; i < FLOATS.loopBound(units); i += LANES) {
      var row = FloatVector.fromMemorySegment(FLOATS, x, at + i * BYTES, ORDER);
      long active = row.compare(NE, 0).toLong();
      strangers |= active & ~row.compare(EQ, FloatVector.fromArray(FLOATS, values, i)).toLong();
      word |= active << i;
      if (i % Long.SIZE == Long.SIZE - LANES) {
        bits[i / Long.SIZE] = word;
        word = 0;
      }
    }
    for (; i < units; i++) {
      float entry = x.get(JAVA_FLOAT, at + i * BYTES);
      long active = entry == 0 ? 0 : 1;
      strangers |= entry == values[i] ? 0 : active;
      word |= active << i;
    }
    bits[units / Long.SIZE] = word;
    return strangers == 0;
  }

  private int word(int index) {
    int first = index * WORD;
    int shift = first % Long.SIZE;
    long word = bits[first / Long.SIZE] >>> shift;
    if (shift > Long.SIZE - WORD) {
      word |= bits[first / Long.SIZE + 1] << Long.SIZE - shift;
    }
    return (int) word & (1 << WORD) - 1;
  }

  /** Spreads words over the groups of the left rows; rows beyond keep what they held, and nobody reads their sums. */
  private void unpack(int[] packed, int from, int count) {
    for (int i = 0; i < count; i++) {
      int word = packed[from + i];
      for (int g = 0; g < GROUPS; g++) {
        left[i * GROUPS + g] = word >>> g * GROUP & ENTRIES - 1;
      }
    }
  }

  private void multiply(int row, int count, int cols, boolean upper, HostMatrix c) {
    for (int col = upper ? row / LANES * LANES : 0; col < cols; col += LANES) {
      for (int i = 0; i < count && (!upper || row + i < col + LANES); i += ROWS) {
        eight(i * words * GROUPS, col * words);
        store(row + i, Math.min(ROWS, count - i), col, Math.min(LANES, cols - col), upper, c);
      }
    }
  }

  private void store(int row, int rows, int col, int cols, boolean upper, HostMatrix c) {
    for (int i = 0; i < rows; i++) {
      int skip = upper ? Math.clamp(row + i - col, 0, cols) : 0;
      if (skip == 0 && cols == LANES) {
        FloatVector.fromArray(FLOATS, sums, i * LANES).intoMemorySegment(c.segment(), c.at(row + i, col), ORDER);
      } else {
        MemorySegment.copy(
            sums, i * LANES + skip, c.segment(), JAVA_FLOAT, c.at(row + i, col + skip), cols - skip);
      }
    }
  }

  // Eight rows by sixteen columns: rows' groups are left of a shift already, columns' are shifted for all rows at once.
  private void eight(int leftAt, int panelAt) {
    int[] x = left;
    int[] table = tables;
    int step = words * GROUPS;
    int x1 = leftAt + step;
    int x2 = x1 + step;
    int x3 = x2 + step;
    int x4 = x3 + step;
    int x5 = x4 + step;
    int x6 = x5 + step;
    int x7 = x6 + step;
    var s0 = FloatVector.zero(FLOATS);
    var s1 = FloatVector.zero(FLOATS);
    var s2 = FloatVector.zero(FLOATS);
    var s3 = FloatVector.zero(FLOATS);
    var s4 = FloatVector.zero(FLOATS);
    var s5 = FloatVector.zero(FLOATS);
    var s6 = FloatVector.zero(FLOATS);
    var s7 = FloatVector.zero(FLOATS);
    for (int word = 0; word < words; word++) {
      var columns = IntVector.fromArray(INTS, panel, panelAt + word * LANES);
      for (int g = word * GROUPS; g < (word + 1) * GROUPS; g++) {
        var low = IntVector.fromArray(INTS, table, g * ENTRIES);
        var high = IntVector.fromArray(INTS, table, g * ENTRIES + LANES);
        s0 = s0.add(columns.and(x[leftAt + g]).selectFrom(low, high).reinterpretAsFloats());
        s1 = s1.add(columns.and(x[x1 + g]).selectFrom(low, high).reinterpretAsFloats());
        s2 = s2.add(columns.and(x[x2 + g]).selectFrom(low, high).reinterpretAsFloats());
        s3 = s3.add(columns.and(x[x3 + g]).selectFrom(low, high).reinterpretAsFloats());
        s4 = s4.add(columns.and(x[x4 + g]).selectFrom(low, high).reinterpretAsFloats());
        s5 = s5.add(columns.and(x[x5 + g]).selectFrom(low, high).reinterpretAsFloats());
        s6 = s6.add(columns.and(x[x6 + g]).selectFrom(low, high).reinterpretAsFloats());
        s7 = s7.add(columns.and(x[x7 + g]).selectFrom(low, high).reinterpretAsFloats());
        columns = columns.lanewise(LSHR, GROUP);
      }
    }
    s0.intoArray(sums, 0);
    s1.intoArray(sums, LANES);
    s2.intoArray(sums, 2 * LANES);
    s3.intoArray(sums, 3 * LANES);
    s4.intoArray(sums, 4 * LANES);
    s5.intoArray(sums, 5 * LANES);
    s6.intoArray(sums, 6 * LANES);
    s7.intoArray(sums, 7 * LANES);
  }
}
