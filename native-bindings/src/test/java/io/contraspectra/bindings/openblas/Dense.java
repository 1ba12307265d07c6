package io.contraspectra.bindings.openblas;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/**
 * A row-major matrix somewhere inside a larger segment, in either precision: what the routines see, and how a naive
 * loop reads it. The gaps between its rows hold a sentinel, so that a write out of place shows.
 */
record Dense(MemorySegment memory, int rows, int columns, int ld, boolean single) {
  private static final double SENTINEL = 12345;

  static Dense random(
      RandomGenerator random, Arena arena, int rows, int columns, int padding, int offset, boolean single) {
    int ld = Math.max(1, columns) + padding;
    int bytes = single ? Float.BYTES : Double.BYTES;
    long elements = offset + (long) rows * ld + 3;
    var whole = new Dense(arena.allocate(elements * bytes, bytes), 1, (int) elements, (int) elements, single);
    for (int j = 0; j < elements; j++) {
      whole.set(0, j, SENTINEL);
    }
    var inner = new Dense(whole.memory.asSlice((long) offset * bytes), rows, columns, ld, single);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        inner.set(i, j, random.nextInt(-8, 9)); // products of small integers are exact in both precisions
      }
    }
    return inner;
  }

  double get(int i, int j) {
    long at = (long) i * ld + j;
    return single ? memory.getAtIndex(ValueLayout.JAVA_FLOAT, at) : memory.getAtIndex(ValueLayout.JAVA_DOUBLE, at);
  }

  void set(int i, int j, double value) {
    long at = (long) i * ld + j;
    if (single) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) value);
    } else {
      memory.setAtIndex(ValueLayout.JAVA_DOUBLE, at, value);
    }
  }

  double get(Transpose trans, int i, int j) {
    return trans == Transpose.NO_TRANSPOSE ? get(i, j) : get(j, i);
  }

  double[][] toArray() {
    var values = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        values[i][j] = get(i, j) + 0.0; // turns -0.0, which the order of summation may leave, into 0.0
      }
    }
    return values;
  }

  boolean isPaddingIntact() {
    for (int i = 0; i < rows; i++) {
      for (int j = columns; j < ld; j++) {
        if (get(i, j) != SENTINEL) {
          return false;
        }
      }
    }
    return true;
  }
}
