package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Strips} of floats in the Vector API. The register tiles are spelt out, because C2 keeps vectors in registers
 * only where it sees each of them; the panel is native memory, because there a vector is one line of the cache.
 */
final class FloatStrips implements Strips {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = SPECIES.length();
  private static final VectorSpecies<Integer> PLACES =
      VectorSpecies.of(int.class, VectorShape.forBitSize(LANES * Integer.SIZE));
  private static final IntVector FIRST = IntVector.zero(PLACES).addIndex(1);
  private static final int WIDTH = 4 * LANES;
  private static final long VECTOR = SPECIES.vectorByteSize();
  private static final long UNIT = 4 * VECTOR;
  private static final long BYTES = Float.BYTES;

  // Units that are packed at once: with a strip's columns they stay in the first-level cache.
  private static final int PACKED = 64;

  private static final Scratch PANEL = new Scratch(0);

  private final float[] packed = new float[PACKED * WIDTH];
  private final float[] tile = new float[SIX * WIDTH];
  private float[] left = new float[0];
  private float[] sums = new float[0];
  private float[] line = new float[0];
  private MemorySegment panel = MemorySegment.NULL;

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public void reserve(int leftLength, int panelLength, int sumsLength) {
    left = left.length < leftLength ? new float[leftLength] : left;
    sums = sums.length < sumsLength ? new float[sumsLength] : sums;
    panel = PANEL.get(panelLength * BYTES);
  }

  @Override
  public void load(MemorySegment x, long at, int to, int n) {
    MemorySegment.copy(x, JAVA_FLOAT, at, left, to, n);
  }

  @Override
  public void clear(int to, int n) {
    Arrays.fill(left, to, to + n, 0);
  }

  @Override
  public void multiply(int a, int b, int to, int n) {
    float[] x = left;
    int whole = SPECIES.loopBound(n);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(SPECIES, x, a + i).mul(FloatVector.fromArray(SPECIES, x, b + i)).intoArray(x, to + i);
    }
    for (int i = whole; i < n; i++) {
      x[to + i] = x[a + i] * x[b + i];
    }
  }

  @Override
  public void addMagnitudes(int a, int to, int n) {
    float[] x = left;
    int whole = SPECIES.loopBound(n);
    for (int i = 0; i < whole; i += LANES) {
      var sum = FloatVector.fromArray(SPECIES, x, to + i);
      FloatVector.fromArray(SPECIES, x, a + i).abs().add(sum).intoArray(x, to + i);
    }
    for (int i = whole; i < n; i++) {
      x[to + i] += Math.abs(x[a + i]);
    }
  }

  @Override
  public int nonZeros(int at, int n, int[] units) {
    int count = 0;
    int whole = SPECIES.loopBound(n);
    for (int i = 0; i < whole; i += LANES) {
      var others = FloatVector.fromArray(SPECIES, left, at + i).compare(VectorOperators.NE, 0).cast(PLACES);
      FIRST.add(i).compress(others).intoArray(units, count);
      count += others.trueCount();
    }
    for (int i = whole; i < n; i++) {
      units[count] = i;
      count += left[at + i] != 0 ? 1 : 0;
    }
    return count;
  }

  // Branches would be mispredicted at every other element of a rectifier's slopes.
  @Override
  public boolean areBits(int at, int n) {
    var sum = FloatVector.zero(SPECIES);
    int whole = SPECIES.loopBound(n);
    for (int i = 0; i < whole; i += LANES) {
      var x = FloatVector.fromArray(SPECIES, left, at + i);
      sum = x.fma(x, x.neg()).abs().add(sum);
    }
    float others = sum.reduceLanes(VectorOperators.ADD);
    for (int i = whole; i < n; i++) {
      float x = left[at + i];
      others += Math.abs(Math.fma(x, x, -x));
    }
    return others == 0;
  }

  @Override
  public void packRows(MemorySegment x, long at, long step, int cols, int strip, int n) {
    Arrays.fill(packed, 0);
    for (int unit = 0; unit < n; unit += PACKED) {
      int count = Math.min(PACKED, n - unit);
      for (int j = 0; j < cols; j++) {
        long row = at + j * step + unit * BYTES;
        for (int i = 0; i < count; i++) {
          packed[i * WIDTH + j] = x.get(JAVA_FLOAT, row + i * BYTES);
        }
      }
      MemorySegment.copy(packed, 0, panel, JAVA_FLOAT, ((long) strip * n + unit) * UNIT, count * WIDTH);
    }
  }

  @Override
  public void packColumns(MemorySegment x, long at, long step, int cols, int strip, int n) {
    long to = (long) strip * n * UNIT;
    for (int i = 0; i < n; i++) {
      MemorySegment.copy(x, at + i * step, panel, to + i * UNIT, cols * BYTES);
      if (cols < WIDTH) {
        panel.asSlice(to + i * UNIT + cols * BYTES, (WIDTH - cols) * BYTES).fill((byte) 0);
      }
    }
  }

  @Override
  public void clearSums(int n) {
    Arrays.fill(sums, 0, n, 0);
  }

  @Override
  public void six(int at, int leftStep, int[] units, int count, int strip, int n, int to) {
    float[] x = left;
    float[] y = tile;
    MemorySegment b = panel;
    long start = (long) strip * n * UNIT;
    int x0 = at;
    int x1 = x0 + leftStep;
    int x2 = x1 + leftStep;
    int x3 = x2 + leftStep;
    int x4 = x3 + leftStep;
    int x5 = x4 + leftStep;
    var s00 = FloatVector.zero(SPECIES);
    var s01 = FloatVector.zero(SPECIES);
    var s02 = FloatVector.zero(SPECIES);
    var s03 = FloatVector.zero(SPECIES);
    var s10 = FloatVector.zero(SPECIES);
    var s11 = FloatVector.zero(SPECIES);
    var s12 = FloatVector.zero(SPECIES);
    var s13 = FloatVector.zero(SPECIES);
    var s20 = FloatVector.zero(SPECIES);
    var s21 = FloatVector.zero(SPECIES);
    var s22 = FloatVector.zero(SPECIES);
    var s23 = FloatVector.zero(SPECIES);
    var s30 = FloatVector.zero(SPECIES);
    var s31 = FloatVector.zero(SPECIES);
    var s32 = FloatVector.zero(SPECIES);
    var s33 = FloatVector.zero(SPECIES);
    var s40 = FloatVector.zero(SPECIES);
    var s41 = FloatVector.zero(SPECIES);
    var s42 = FloatVector.zero(SPECIES);
    var s43 = FloatVector.zero(SPECIES);
    var s50 = FloatVector.zero(SPECIES);
    var s51 = FloatVector.zero(SPECIES);
    var s52 = FloatVector.zero(SPECIES);
    var s53 = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      int unit = units[i];
      long p = start + unit * UNIT;
      var m0 = FloatVector.broadcast(SPECIES, x[x0 + unit]);
      var m1 = FloatVector.broadcast(SPECIES, x[x1 + unit]);
      var m2 = FloatVector.broadcast(SPECIES, x[x2 + unit]);
      var m3 = FloatVector.broadcast(SPECIES, x[x3 + unit]);
      var m4 = FloatVector.broadcast(SPECIES, x[x4 + unit]);
      var m5 = FloatVector.broadcast(SPECIES, x[x5 + unit]);
      var b0 = FloatVector.fromMemorySegment(SPECIES, b, p, ORDER);
      s00 = b0.fma(m0, s00);
      s10 = b0.fma(m1, s10);
      s20 = b0.fma(m2, s20);
      s30 = b0.fma(m3, s30);
      s40 = b0.fma(m4, s40);
      s50 = b0.fma(m5, s50);
      var b1 = FloatVector.fromMemorySegment(SPECIES, b, p + VECTOR, ORDER);
      s01 = b1.fma(m0, s01);
      s11 = b1.fma(m1, s11);
      s21 = b1.fma(m2, s21);
      s31 = b1.fma(m3, s31);
      s41 = b1.fma(m4, s41);
      s51 = b1.fma(m5, s51);
      var b2 = FloatVector.fromMemorySegment(SPECIES, b, p + 2 * VECTOR, ORDER);
      s02 = b2.fma(m0, s02);
      s12 = b2.fma(m1, s12);
      s22 = b2.fma(m2, s22);
      s32 = b2.fma(m3, s32);
      s42 = b2.fma(m4, s42);
      s52 = b2.fma(m5, s52);
      var b3 = FloatVector.fromMemorySegment(SPECIES, b, p + 3 * VECTOR, ORDER);
      s03 = b3.fma(m0, s03);
      s13 = b3.fma(m1, s13);
      s23 = b3.fma(m2, s23);
      s33 = b3.fma(m3, s33);
      s43 = b3.fma(m4, s43);
      s53 = b3.fma(m5, s53);
    }
    s00.intoArray(y, 0);
    s01.intoArray(y, LANES);
    s02.intoArray(y, 2 * LANES);
    s03.intoArray(y, 3 * LANES);
    s10.intoArray(y, 4 * LANES);
    s11.intoArray(y, 5 * LANES);
    s12.intoArray(y, 6 * LANES);
    s13.intoArray(y, 7 * LANES);
    s20.intoArray(y, 8 * LANES);
    s21.intoArray(y, 9 * LANES);
    s22.intoArray(y, 10 * LANES);
    s23.intoArray(y, 11 * LANES);
    s30.intoArray(y, 12 * LANES);
    s31.intoArray(y, 13 * LANES);
    s32.intoArray(y, 14 * LANES);
    s33.intoArray(y, 15 * LANES);
    s40.intoArray(y, 16 * LANES);
    s41.intoArray(y, 17 * LANES);
    s42.intoArray(y, 18 * LANES);
    s43.intoArray(y, 19 * LANES);
    s50.intoArray(y, 20 * LANES);
    s51.intoArray(y, 21 * LANES);
    s52.intoArray(y, 22 * LANES);
    s53.intoArray(y, 23 * LANES);
    addTile(SIX * WIDTH, to);
  }

  @Override
  public void four(int at, int leftStep, int[] units, int count, int strip, int n, int to) {
    float[] x = left;
    float[] y = tile;
    MemorySegment b = panel;
    long start = (long) strip * n * UNIT;
    int x0 = at;
    int x1 = x0 + leftStep;
    int x2 = x1 + leftStep;
    int x3 = x2 + leftStep;
    var s00 = FloatVector.zero(SPECIES);
    var s01 = FloatVector.zero(SPECIES);
    var s02 = FloatVector.zero(SPECIES);
    var s03 = FloatVector.zero(SPECIES);
    var s10 = FloatVector.zero(SPECIES);
    var s11 = FloatVector.zero(SPECIES);
    var s12 = FloatVector.zero(SPECIES);
    var s13 = FloatVector.zero(SPECIES);
    var s20 = FloatVector.zero(SPECIES);
    var s21 = FloatVector.zero(SPECIES);
    var s22 = FloatVector.zero(SPECIES);
    var s23 = FloatVector.zero(SPECIES);
    var s30 = FloatVector.zero(SPECIES);
    var s31 = FloatVector.zero(SPECIES);
    var s32 = FloatVector.zero(SPECIES);
    var s33 = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      int unit = units[i];
      long p = start + unit * UNIT;
      var m0 = FloatVector.broadcast(SPECIES, x[x0 + unit]);
      var m1 = FloatVector.broadcast(SPECIES, x[x1 + unit]);
      var m2 = FloatVector.broadcast(SPECIES, x[x2 + unit]);
      var m3 = FloatVector.broadcast(SPECIES, x[x3 + unit]);
      var b0 = FloatVector.fromMemorySegment(SPECIES, b, p, ORDER);
      s00 = b0.fma(m0, s00);
      s10 = b0.fma(m1, s10);
      s20 = b0.fma(m2, s20);
      s30 = b0.fma(m3, s30);
      var b1 = FloatVector.fromMemorySegment(SPECIES, b, p + VECTOR, ORDER);
      s01 = b1.fma(m0, s01);
      s11 = b1.fma(m1, s11);
      s21 = b1.fma(m2, s21);
      s31 = b1.fma(m3, s31);
      var b2 = FloatVector.fromMemorySegment(SPECIES, b, p + 2 * VECTOR, ORDER);
      s02 = b2.fma(m0, s02);
      s12 = b2.fma(m1, s12);
      s22 = b2.fma(m2, s22);
      s32 = b2.fma(m3, s32);
      var b3 = FloatVector.fromMemorySegment(SPECIES, b, p + 3 * VECTOR, ORDER);
      s03 = b3.fma(m0, s03);
      s13 = b3.fma(m1, s13);
      s23 = b3.fma(m2, s23);
      s33 = b3.fma(m3, s33);
    }
    s00.intoArray(y, 0);
    s01.intoArray(y, LANES);
    s02.intoArray(y, 2 * LANES);
    s03.intoArray(y, 3 * LANES);
    s10.intoArray(y, 4 * LANES);
    s11.intoArray(y, 5 * LANES);
    s12.intoArray(y, 6 * LANES);
    s13.intoArray(y, 7 * LANES);
    s20.intoArray(y, 8 * LANES);
    s21.intoArray(y, 9 * LANES);
    s22.intoArray(y, 10 * LANES);
    s23.intoArray(y, 11 * LANES);
    s30.intoArray(y, 12 * LANES);
    s31.intoArray(y, 13 * LANES);
    s32.intoArray(y, 14 * LANES);
    s33.intoArray(y, 15 * LANES);
    addTile(FOUR * WIDTH, to);
  }

  private void addTile(int n, int to) {
    float[] x = tile;
    float[] y = sums;
    for (int i = 0; i < n; i++) {
      y[to + i] += x[i];
    }
  }

  @Override
  public void store(int at, double alpha, double beta, MemorySegment y, long to, int n) {
    float[] values = line(n);
    float factor = (float) alpha;
    if (beta == 0) {
      for (int i = 0; i < n; i++) {
        values[i] = factor * sums[at + i];
      }
    } else {
      MemorySegment.copy(y, JAVA_FLOAT, to, values, 0, n);
      float present = (float) beta;
      for (int i = 0; i < n; i++) {
        values[i] = factor * sums[at + i] + present * values[i];
      }
    }
    MemorySegment.copy(values, 0, y, JAVA_FLOAT, to, n);
  }

  @Override
  public void scale(int at, int rows, int by, int n) {
    float[] x = left;
    float[] y = sums;
    for (int j = 0; j < n; j += LANES) {
      var factors = FloatVector.fromArray(SPECIES, x, by + j);
      for (int row = 0; row < rows; row++) {
        int to = at + row * WIDTH + j;
        FloatVector.fromArray(SPECIES, y, to).mul(factors).intoArray(y, to);
      }
    }
  }

  @Override
  public int[] interleaving(int[] rows) {
    var places = new int[rows.length * LANES];
    for (int i = 0; i < places.length; i++) {
      places[i] = rows[i % rows.length] * WIDTH + i / rows.length;
    }
    return places;
  }

  @Override
  public void storeInterleaved(int at, int[] places, int addends, int first, MemorySegment y, long to, int n) {
    int rows = places.length / LANES;
    float[] values = line(rows * (n + LANES));
    float[] from = sums;
    for (int j = 0; j < n; j += LANES) {
      for (int i = 0; i < places.length; i += LANES) {
        FloatVector.fromArray(SPECIES, from, at + j, places, i).intoArray(values, rows * j + i);
      }
    }
    if (addends >= 0) {
      float[] x = left;
      for (int j = 0; j < n; j++) {
        values[rows * j + first] += x[addends + j];
      }
    }
    MemorySegment.copy(values, 0, y, JAVA_FLOAT, to, n * rows);
  }

  private float[] line(int n) {
    line = line.length < n ? new float[n] : line;
    return line;
  }
}
