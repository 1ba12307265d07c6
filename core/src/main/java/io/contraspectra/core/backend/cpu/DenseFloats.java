package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DenseTiles} of floats in the Vector API. The register tiles are spelt out, because C2 keeps vectors in registers
 * only where it sees each of them; steps between the elements of a row are constants, which saves C2 an address each.
 */
final class DenseFloats implements DenseTiles {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = SPECIES.length();
  private static final int WIDTH = WIDE * LANES;
  private static final long VECTOR = SPECIES.vectorByteSize();
  private static final long BYTES = Float.BYTES;

  // Units that are packed at once: with a strip's columns they stay in the first-level cache.
  private static final int PACKED = 32;

  private static final Scratch PANEL = new Scratch(0);

  private final float[] packed = new float[PACKED * WIDTH];
  // On the heap: with 24 stores to native memory the first compiler gives up, and the second may never get its turn.
  private final float[] sums = new float[ROWS * WIDTH];
  private MemorySegment panel = MemorySegment.NULL;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void reserve(int depth) {
    panel = PANEL.get(depth * WIDTH * BYTES);
  }

  @Override
  public void packRows(MemorySegment x, long at, long step, int cols, int vectors, int depth) {
    Arrays.fill(packed, 0);
    for (int unit = 0; unit < depth; unit += PACKED) {
      int count = Math.min(PACKED, depth - unit);
      for (int j = 0; j < cols; j++) {
        transpose(x, at + j * step + unit * BYTES, j, count);
      }
      if (vectors == WIDE) {
        MemorySegment.copy(packed, 0, panel, JAVA_FLOAT, unit * WIDE * VECTOR, count * WIDTH);
      } else {
        for (int i = 0; i < count; i++) {
          MemorySegment.copy(packed, i * WIDTH, panel, JAVA_FLOAT, (unit + i) * VECTOR, LANES);
        }
      }
    }
  }

  private void transpose(MemorySegment x, long row, int j, int count) {
    for (int i = 0; i < count; i++) {
      packed[i * WIDTH + j] = x.get(JAVA_FLOAT, row + i * BYTES);
    }
  }

  @Override
  public void packColumns(MemorySegment x, long at, long step, int cols, int vectors, int depth) {
    int whole = cols / LANES;
    for (int unit = 0; unit < depth; unit++) {
      long from = at + unit * step;
      long to = unit * vectors * VECTOR;
      for (int v = 0; v < whole; v++) {
        FloatVector.fromMemorySegment(SPECIES, x, from + v * VECTOR, ORDER)
            .intoMemorySegment(panel, to + v * VECTOR, ORDER);
      }
      if (whole < vectors) {
        panel.asSlice(to + whole * VECTOR, (vectors - whole) * VECTOR).fill((byte) 0);
        MemorySegment.copy(x, from + whole * VECTOR, panel, to + whole * VECTOR, cols * BYTES - whole * VECTOR);
      }
    }
  }

  @Override
  public void wide(MemorySegment a, long at, long step, int depth) {
    MemorySegment b = panel;
    long x0 = at;
    long x1 = x0 + step;
    long x2 = x1 + step;
    long x3 = x2 + step;
    long x4 = x3 + step;
    long x5 = x4 + step;
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
    for (int k = 0; k < depth; k++) {
      long y = k * (WIDE * VECTOR);
      var y0 = FloatVector.fromMemorySegment(SPECIES, b, y, ORDER);
      var y1 = FloatVector.fromMemorySegment(SPECIES, b, y + VECTOR, ORDER);
      var y2 = FloatVector.fromMemorySegment(SPECIES, b, y + 2 * VECTOR, ORDER);
      var y3 = FloatVector.fromMemorySegment(SPECIES, b, y + 3 * VECTOR, ORDER);
      var a0 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x0 + k * BYTES));
      s00 = a0.fma(y0, s00);
      s01 = a0.fma(y1, s01);
      s02 = a0.fma(y2, s02);
      s03 = a0.fma(y3, s03);
      var a1 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x1 + k * BYTES));
      s10 = a1.fma(y0, s10);
      s11 = a1.fma(y1, s11);
      s12 = a1.fma(y2, s12);
      s13 = a1.fma(y3, s13);
      var a2 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x2 + k * BYTES));
      s20 = a2.fma(y0, s20);
      s21 = a2.fma(y1, s21);
      s22 = a2.fma(y2, s22);
      s23 = a2.fma(y3, s23);
      var a3 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x3 + k * BYTES));
      s30 = a3.fma(y0, s30);
      s31 = a3.fma(y1, s31);
      s32 = a3.fma(y2, s32);
      s33 = a3.fma(y3, s33);
      var a4 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x4 + k * BYTES));
      s40 = a4.fma(y0, s40);
      s41 = a4.fma(y1, s41);
      s42 = a4.fma(y2, s42);
      s43 = a4.fma(y3, s43);
      var a5 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x5 + k * BYTES));
      s50 = a5.fma(y0, s50);
      s51 = a5.fma(y1, s51);
      s52 = a5.fma(y2, s52);
      s53 = a5.fma(y3, s53);
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, LANES);
    s02.intoArray(sums, 2 * LANES);
    s03.intoArray(sums, 3 * LANES);
    s10.intoArray(sums, 4 * LANES);
    s11.intoArray(sums, 5 * LANES);
    s12.intoArray(sums, 6 * LANES);
    s13.intoArray(sums, 7 * LANES);
    s20.intoArray(sums, 8 * LANES);
    s21.intoArray(sums, 9 * LANES);
    s22.intoArray(sums, 10 * LANES);
    s23.intoArray(sums, 11 * LANES);
    s30.intoArray(sums, 12 * LANES);
    s31.intoArray(sums, 13 * LANES);
    s32.intoArray(sums, 14 * LANES);
    s33.intoArray(sums, 15 * LANES);
    s40.intoArray(sums, 16 * LANES);
    s41.intoArray(sums, 17 * LANES);
    s42.intoArray(sums, 18 * LANES);
    s43.intoArray(sums, 19 * LANES);
    s50.intoArray(sums, 20 * LANES);
    s51.intoArray(sums, 21 * LANES);
    s52.intoArray(sums, 22 * LANES);
    s53.intoArray(sums, 23 * LANES);
  }

  @Override
  public void narrow(MemorySegment a, long at, long step, int depth) {
    MemorySegment b = panel;
    long x0 = at;
    long x1 = x0 + step;
    long x2 = x1 + step;
    long x3 = x2 + step;
    long x4 = x3 + step;
    long x5 = x4 + step;
    var s00 = FloatVector.zero(SPECIES);
    var s10 = FloatVector.zero(SPECIES);
    var s20 = FloatVector.zero(SPECIES);
    var s30 = FloatVector.zero(SPECIES);
    var s40 = FloatVector.zero(SPECIES);
    var s50 = FloatVector.zero(SPECIES);
    for (int k = 0; k < depth; k++) {
      long y = k * VECTOR;
      var y0 = FloatVector.fromMemorySegment(SPECIES, b, y, ORDER);
      var a0 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x0 + k * BYTES));
      s00 = a0.fma(y0, s00);
      var a1 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x1 + k * BYTES));
      s10 = a1.fma(y0, s10);
      var a2 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x2 + k * BYTES));
      s20 = a2.fma(y0, s20);
      var a3 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x3 + k * BYTES));
      s30 = a3.fma(y0, s30);
      var a4 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x4 + k * BYTES));
      s40 = a4.fma(y0, s40);
      var a5 = FloatVector.broadcast(SPECIES, a.get(JAVA_FLOAT, x5 + k * BYTES));
      s50 = a5.fma(y0, s50);
    }
    s00.intoArray(sums, 0);
    s10.intoArray(sums, LANES);
    s20.intoArray(sums, 2 * LANES);
    s30.intoArray(sums, 3 * LANES);
    s40.intoArray(sums, 4 * LANES);
    s50.intoArray(sums, 5 * LANES);
  }

  @Override
  public void store(int from, int vectors, double alpha, double beta, MemorySegment y, long at, long step, int cols) {
    if (cols == WIDTH && beta == 0) {
      storeWide(from, (float) alpha, y, at, step);
    } else if (cols == WIDTH) {
      addWide(from, (float) alpha, (float) beta, y, at, step);
    } else {
      storeElements(from, vectors * LANES, (float) alpha, (float) beta, y, at, step, cols);
    }
  }

  private void storeWide(int from, float alpha, MemorySegment y, long at, long step) {
    for (int i = from; i < ROWS; i++) {
      int s = i * WIDTH;
      long to = at + i * step;
      FloatVector.fromArray(SPECIES, sums, s).mul(alpha).intoMemorySegment(y, to, ORDER);
      FloatVector.fromArray(SPECIES, sums, s + LANES).mul(alpha).intoMemorySegment(y, to + VECTOR, ORDER);
      FloatVector.fromArray(SPECIES, sums, s + 2 * LANES).mul(alpha).intoMemorySegment(y, to + 2 * VECTOR, ORDER);
      FloatVector.fromArray(SPECIES, sums, s + 3 * LANES).mul(alpha).intoMemorySegment(y, to + 3 * VECTOR, ORDER);
    }
  }

  private void addWide(int from, float alpha, float beta, MemorySegment y, long at, long step) {
    for (int i = from; i < ROWS; i++) {
      int s = i * WIDTH;
      long to = at + i * step;
      var y0 = FloatVector.fromMemorySegment(SPECIES, y, to, ORDER).mul(beta);
      var y1 = FloatVector.fromMemorySegment(SPECIES, y, to + VECTOR, ORDER).mul(beta);
      var y2 = FloatVector.fromMemorySegment(SPECIES, y, to + 2 * VECTOR, ORDER).mul(beta);
      var y3 = FloatVector.fromMemorySegment(SPECIES, y, to + 3 * VECTOR, ORDER).mul(beta);
      y0.add(FloatVector.fromArray(SPECIES, sums, s).mul(alpha)).intoMemorySegment(y, to, ORDER);
      y1.add(FloatVector.fromArray(SPECIES, sums, s + LANES).mul(alpha)).intoMemorySegment(y, to + VECTOR, ORDER);
      y2.add(FloatVector.fromArray(SPECIES, sums, s + 2 * LANES).mul(alpha)).intoMemorySegment(y, to + 2 * VECTOR, ORDER);
      y3.add(FloatVector.fromArray(SPECIES, sums, s + 3 * LANES).mul(alpha)).intoMemorySegment(y, to + 3 * VECTOR, ORDER);
    }
  }

  private void storeElements(
      int from, int width, float alpha, float beta, MemorySegment y, long at, long step, int cols) {
    for (int i = from; i < ROWS; i++) {
      long to = at + i * step;
      for (int j = 0; j < cols; j++) {
        float sum = sums[i * width + j] * alpha;
        long place = to + j * BYTES;
        y.set(JAVA_FLOAT, place, beta == 0 ? sum : y.get(JAVA_FLOAT, place) * beta + sum);
      }
    }
  }
}
