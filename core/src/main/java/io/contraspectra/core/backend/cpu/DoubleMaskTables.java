package io.contraspectra.core.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link MaskTables} of doubles in the Vector API; a strip is four vectors. */
final class DoubleMaskTables implements MaskTables {

  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = SPECIES.length();
  private static final int STRIP = 4 * LANES;
  private static final int TABLE = STRIP << UnitMasks.CODE_BITS;
  private static final int CODE = (1 << UnitMasks.CODE_BITS) - 1;
  private static final long VECTOR = SPECIES.vectorByteSize();

  private final double[] tables = new double[UnitMasks.CODES * TABLE];

  @Override
  public int stripLength() {
    return STRIP;
  }

  // Entry 2^t + e is the entry e, of the units below t, and unit t.
  @Override
  public void fill(double[] terms, int stride, int from) {
    for (int b = 0; b < UnitMasks.CODES; b++) {
      int table = b * TABLE;
      for (int t = 0; t < UnitMasks.CODE_BITS; t++) {
        int term = (t * UnitMasks.CODES + b) * stride + from;
        int half = STRIP << t;
        for (int e = 0; e < half; e += STRIP) {
          for (int q = 0; q < STRIP; q++) {
            tables[table + half + e + q] = tables[table + e + q] + terms[term + q];
          }
        }
      }
    }
  }

  @Override
  public void add(long left, UnitMasks right, int word, int cols, MemorySegment sums, long at, long step) {
    double[] t = tables;
    for (int j = 0; j < cols; j++) {
      long both = left & right.word(j, word);
      long to = at + j * step;
      var s0 = DoubleVector.fromMemorySegment(SPECIES, sums, to, ORDER);
      var s1 = DoubleVector.fromMemorySegment(SPECIES, sums, to + VECTOR, ORDER);
      var s2 = DoubleVector.fromMemorySegment(SPECIES, sums, to + 2 * VECTOR, ORDER);
      var s3 = DoubleVector.fromMemorySegment(SPECIES, sums, to + 3 * VECTOR, ORDER);
      for (int b = 0; b < UnitMasks.CODES; b++) {
        int entry = b * TABLE + ((int) (both >>> Byte.SIZE * b) & CODE) * STRIP;
        s0 = s0.add(DoubleVector.fromArray(SPECIES, t, entry));
        s1 = s1.add(DoubleVector.fromArray(SPECIES, t, entry + LANES));
        s2 = s2.add(DoubleVector.fromArray(SPECIES, t, entry + 2 * LANES));
        s3 = s3.add(DoubleVector.fromArray(SPECIES, t, entry + 3 * LANES));
      }
      s0.intoMemorySegment(sums, to, ORDER);
      s1.intoMemorySegment(sums, to + VECTOR, ORDER);
      s2.intoMemorySegment(sums, to + 2 * VECTOR, ORDER);
      s3.intoMemorySegment(sums, to + 3 * VECTOR, ORDER);
    }
  }
}
