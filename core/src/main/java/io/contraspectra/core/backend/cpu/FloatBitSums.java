package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link BitSums} of floats in the Vector API, for vectors of sixteen. */
final class FloatBitSums implements BitSums {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
  // Bits come in bytes.
  private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = SPECIES.length();
  private static final long VECTOR = SPECIES.vectorByteSize();
  private static final long BYTES = Float.BYTES;
  private static final long SPREAD = 0x0101010101010101L;
  private static final int ENTRIES = 16;

  private static final Scratch WIDE_TABLES = new Scratch(SUMMANDS / 4 * ENTRIES * WIDE * VECTOR);
  private static final Scratch NARROW_TABLES = new Scratch(SUMMANDS / 4 * ENTRIES * VECTOR);
  private static final Scratch PANEL = new Scratch(SUMMANDS * WIDE * VECTOR);
  private static final Scratch SUMS = new Scratch(0);

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public boolean packRows(MemorySegment a, long at, long step, int m, int k, MemorySegment bits, int stride) {
    int others = 0;
    int whole = k / 8;
    for (int r = 0; r < m; r++) {
      long row = at + r * step;
      for (int g = 0; g < whole; g++) {
        var x = FloatVector.fromMemorySegment(EIGHT, a, row + g * 8 * BYTES, ORDER);
        int ones = (int) x.compare(VectorOperators.EQ, 1).toLong();
        int zeros = (int) x.compare(VectorOperators.EQ, 0).toLong();
        others |= ones + zeros ^ 0xFF;
        bits.set(JAVA_BYTE, (long) g * stride + r, (byte) ones);
      }
      int last = 0;
      for (int i = 8 * whole; i < k; i++) {
        float x = a.get(JAVA_FLOAT, row + i * BYTES);
        others |= x == 0 || x == 1 ? 0 : 1;
        last |= x == 1 ? 1 << i % 8 : 0;
      }
      if (8 * whole < k) {
        bits.set(JAVA_BYTE, (long) whole * stride + r, (byte) last);
      }
    }
    return others == 0;
  }

  @Override
  public boolean packColumns(MemorySegment a, long at, long step, int m, int k, MemorySegment bits, int stride) {
    int others = 0;
    int whole = m / 8 * 8;
    for (int g = 0; g * 8 < k; g++) {
      int rows = Math.min(8, k - 8 * g);
      long first = at + 8 * g * step;
      for (int r = 0; r < whole; r += 8) {
        long eight = 0;
        for (int i = 0; i < rows; i++) {
          var x = FloatVector.fromMemorySegment(EIGHT, a, first + i * step + r * BYTES, ORDER);
          long ones = x.compare(VectorOperators.EQ, 1).toLong();
          others |= (int) (ones + x.compare(VectorOperators.EQ, 0).toLong()) ^ 0xFF;
          eight |= Long.expand(ones, SPREAD) << i;
        }
        bits.set(JAVA_LONG_UNALIGNED, (long) g * stride + r, eight);
      }
      for (int r = whole; r < m; r++) {
        int chosen = 0;
        for (int i = 0; i < rows; i++) {
          float x = a.get(JAVA_FLOAT, first + i * step + r * BYTES);
          others |= x == 0 || x == 1 ? 0 : 1;
          chosen |= x == 1 ? 1 << i : 0;
        }
        bits.set(JAVA_BYTE, (long) g * stride + r, (byte) chosen);
      }
    }
    return others == 0;
  }

  @Override
  public void clear(int m, int vectors) {
    SUMS.get(m * WIDE * VECTOR).asSlice(0, m * vectors * VECTOR).fill((byte) 0);
  }

  @Override
  public void add(MemorySegment b, long at, long step, int rows, int cols, int vectors, MemorySegment bits, long first,
      int stride, int m) {
    MemorySegment t = vectors == WIDE ? WIDE_TABLES.get() : NARROW_TABLES.get();
    if (cols == vectors * LANES) {
      tables(b, at, step, rows, vectors, t);
    } else {
      MemorySegment panel = PANEL.get();
      for (int i = 0; i < rows; i++) {
        MemorySegment.copy(b, at + i * step, panel, i * vectors * VECTOR, cols * BYTES);
      }
      tables(panel, 0, vectors * VECTOR, rows, vectors, t);
    }
    if (vectors == WIDE) {
      wide(t, SUMS.get(), bits, first, stride, m);
    } else {
      narrow(t, SUMS.get(), bits, first, stride, m);
    }
  }

  /** Entry e of a table is the sum of those of four rows whose bits are set in e; entry 0 is never written. */
  private static void tables(MemorySegment b, long at, long step, int rows, int vectors, MemorySegment t) {
    long entry = vectors * VECTOR;
    for (int four = 0; four < rows; four += 4) {
      long x0 = at + four * step;
      // Rows that are not there are chosen by no bit.
      long x1 = at + Math.min(four + 1, rows - 1) * step;
      long x2 = at + Math.min(four + 2, rows - 1) * step;
      long x3 = at + Math.min(four + 3, rows - 1) * step;
      for (long v = 0; v < entry; v += VECTOR) {
        long to = four / 4 * ENTRIES * entry + v;
        var r0 = FloatVector.fromMemorySegment(SPECIES, b, x0 + v, ORDER);
        var r1 = FloatVector.fromMemorySegment(SPECIES, b, x1 + v, ORDER);
        var r2 = FloatVector.fromMemorySegment(SPECIES, b, x2 + v, ORDER);
        var r3 = FloatVector.fromMemorySegment(SPECIES, b, x3 + v, ORDER);
        var s01 = r0.add(r1);
        var s23 = r2.add(r3);
        r0.intoMemorySegment(t, to + entry, ORDER);
        r1.intoMemorySegment(t, to + 2 * entry, ORDER);
        s01.intoMemorySegment(t, to + 3 * entry, ORDER);
        r2.intoMemorySegment(t, to + 4 * entry, ORDER);
        r0.add(r2).intoMemorySegment(t, to + 5 * entry, ORDER);
        r1.add(r2).intoMemorySegment(t, to + 6 * entry, ORDER);
        s01.add(r2).intoMemorySegment(t, to + 7 * entry, ORDER);
        r3.intoMemorySegment(t, to + 8 * entry, ORDER);
        r0.add(r3).intoMemorySegment(t, to + 9 * entry, ORDER);
        r1.add(r3).intoMemorySegment(t, to + 10 * entry, ORDER);
        s01.add(r3).intoMemorySegment(t, to + 11 * entry, ORDER);
        s23.intoMemorySegment(t, to + 12 * entry, ORDER);
        r0.add(s23).intoMemorySegment(t, to + 13 * entry, ORDER);
        r1.add(s23).intoMemorySegment(t, to + 14 * entry, ORDER);
        s01.add(s23).intoMemorySegment(t, to + 15 * entry, ORDER);
      }
    }
  }

  private static void wide(MemorySegment t, MemorySegment sums, MemorySegment bits, long first, int stride, int m) {
    long entry = WIDE * VECTOR;
    long table = ENTRIES * entry;
    for (int r = 0; r < m; r++) {
      long p = r * entry;
      var s0 = FloatVector.fromMemorySegment(SPECIES, sums, p, ORDER);
      var s1 = FloatVector.fromMemorySegment(SPECIES, sums, p + VECTOR, ORDER);
      var s2 = FloatVector.fromMemorySegment(SPECIES, sums, p + 2 * VECTOR, ORDER);
      var s3 = FloatVector.fromMemorySegment(SPECIES, sums, p + 3 * VECTOR, ORDER);
      // Two groups at a time: C2 does not unroll this loop, and four would be too much to inline.
      for (int g = 0; g < 4; g += 2) {
        int even = bits.get(JAVA_BYTE, first + r + (long) g * stride);
        int odd = bits.get(JAVA_BYTE, first + r + (long) (g + 1) * stride);
        long t0 = 2 * g * table + (even & 15) * entry;
        long t1 = (2 * g + 1) * table + (even >>> 4 & 15) * entry;
        long t2 = (2 * g + 2) * table + (odd & 15) * entry;
        long t3 = (2 * g + 3) * table + (odd >>> 4 & 15) * entry;
        s0 = s0.add(FloatVector.fromMemorySegment(SPECIES, t, t0, ORDER));
        s1 = s1.add(FloatVector.fromMemorySegment(SPECIES, t, t0 + VECTOR, ORDER));
        s2 = s2.add(FloatVector.fromMemorySegment(SPECIES, t, t0 + 2 * VECTOR, ORDER));
        s3 = s3.add(FloatVector.fromMemorySegment(SPECIES, t, t0 + 3 * VECTOR, ORDER));
        s0 = s0.add(FloatVector.fromMemorySegment(SPECIES, t, t1, ORDER));
        s1 = s1.add(FloatVector.fromMemorySegment(SPECIES, t, t1 + VECTOR, ORDER));
        s2 = s2.add(FloatVector.fromMemorySegment(SPECIES, t, t1 + 2 * VECTOR, ORDER));
        s3 = s3.add(FloatVector.fromMemorySegment(SPECIES, t, t1 + 3 * VECTOR, ORDER));
        s0 = s0.add(FloatVector.fromMemorySegment(SPECIES, t, t2, ORDER));
        s1 = s1.add(FloatVector.fromMemorySegment(SPECIES, t, t2 + VECTOR, ORDER));
        s2 = s2.add(FloatVector.fromMemorySegment(SPECIES, t, t2 + 2 * VECTOR, ORDER));
        s3 = s3.add(FloatVector.fromMemorySegment(SPECIES, t, t2 + 3 * VECTOR, ORDER));
        s0 = s0.add(FloatVector.fromMemorySegment(SPECIES, t, t3, ORDER));
        s1 = s1.add(FloatVector.fromMemorySegment(SPECIES, t, t3 + VECTOR, ORDER));
        s2 = s2.add(FloatVector.fromMemorySegment(SPECIES, t, t3 + 2 * VECTOR, ORDER));
        s3 = s3.add(FloatVector.fromMemorySegment(SPECIES, t, t3 + 3 * VECTOR, ORDER));
      }
      s0.intoMemorySegment(sums, p, ORDER);
      s1.intoMemorySegment(sums, p + VECTOR, ORDER);
      s2.intoMemorySegment(sums, p + 2 * VECTOR, ORDER);
      s3.intoMemorySegment(sums, p + 3 * VECTOR, ORDER);
    }
  }

  private static void narrow(MemorySegment t, MemorySegment sums, MemorySegment bits, long first, int stride, int m) {
    long table = ENTRIES * VECTOR;
    for (int r = 0; r < m; r++) {
      long p = r * VECTOR;
      var s = FloatVector.fromMemorySegment(SPECIES, sums, p, ORDER);
      for (int g = 0; g < 4; g++) {
        int chosen = bits.get(JAVA_BYTE, first + r + (long) g * stride);
        s = s.add(FloatVector.fromMemorySegment(SPECIES, t, 2 * g * table + (chosen & 15) * VECTOR, ORDER));
        s = s.add(FloatVector.fromMemorySegment(
            SPECIES, t, (2 * g + 1) * table + (chosen >>> 4 & 15) * VECTOR, ORDER));
      }
      s.intoMemorySegment(sums, p, ORDER);
    }
  }

  @Override
  public void store(int m, int cols, int vectors, double beta, MemorySegment c, long at, long step) {
    MemorySegment sums = SUMS.get();
    int whole = cols / LANES * LANES;
    for (int r = 0; r < m; r++) {
      long from = r * vectors * VECTOR;
      long to = at + r * step;
      for (int j = 0; j < whole; j += LANES) {
        var s = FloatVector.fromMemorySegment(SPECIES, sums, from + j * BYTES, ORDER);
        if (beta != 0) {
          s = s.add(FloatVector.fromMemorySegment(SPECIES, c, to + j * BYTES, ORDER).mul((float) beta));
        }
        s.intoMemorySegment(c, to + j * BYTES, ORDER);
      }
      for (int j = whole; j < cols; j++) {
        float s = sums.get(JAVA_FLOAT, from + j * BYTES);
        c.set(JAVA_FLOAT, to + j * BYTES, beta == 0 ? s : s + (float) beta * c.get(JAVA_FLOAT, to + j * BYTES));
      }
    }
  }
}
