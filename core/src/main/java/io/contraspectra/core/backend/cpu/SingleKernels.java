package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.MAX;

import io.contraspectra.core.backend.UnaryFunction;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on floats that need no detour by doubles: one operation of single precision rounds once, as
 * {@link RowKernels} asks for.
 */
final class SingleKernels {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = SPECIES.length();
  private static final long BYTES = Float.BYTES;

  private SingleKernels() {}

  static void fill(float value, MemorySegment y, long yAt, long n) {
    var v = FloatVector.broadcast(SPECIES, value);
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      v.intoMemorySegment(y, yAt + BYTES * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_FLOAT, yAt + BYTES * i, value);
    }
  }

  static void scale(float alpha, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      FloatVector.fromMemorySegment(SPECIES, x, xAt + BYTES * i, ORDER).mul(alpha)
          .intoMemorySegment(y, yAt + BYTES * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_FLOAT, yAt + BYTES * i, alpha * x.get(JAVA_FLOAT, xAt + BYTES * i));
    }
  }

  /** As {@link RowKernels#outer} with a factor of 1, for rows of whole vectors. */
  static void outerVectors(
      MemorySegment b, long bAt, long m, MemorySegment a, long aAt, long n, MemorySegment y, long yAt) {
    long next = 0;
    long inRow = n;
    var factor = FloatVector.zero(SPECIES);
    for (long i = 0; i < m * n; i += LANES) {
      if (inRow == n) {
        factor = FloatVector.broadcast(SPECIES, b.get(JAVA_FLOAT, bAt + BYTES * next++));
        inRow = 0;
      }
      FloatVector.fromMemorySegment(SPECIES, a, aAt + BYTES * inRow, ORDER).mul(factor)
          .intoMemorySegment(y, yAt + BYTES * i, ORDER);
      inRow += LANES;
    }
  }

  /** Whether rows of n elements are whole vectors. */
  static boolean isWhole(long n) {
    return n % LANES == 0;
  }

  static void multiply(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n) {
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var left = FloatVector.fromMemorySegment(SPECIES, x, xAt + BYTES * i, ORDER);
      var right = FloatVector.fromMemorySegment(SPECIES, y, yAt + BYTES * i, ORDER);
      left.mul(right).intoMemorySegment(z, zAt + BYTES * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      z.set(JAVA_FLOAT, zAt + BYTES * i, x.get(JAVA_FLOAT, xAt + BYTES * i) * y.get(JAVA_FLOAT, yAt + BYTES * i));
    }
  }

  static void multiplyAdd(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n) {
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var left = FloatVector.fromMemorySegment(SPECIES, x, xAt + BYTES * i, ORDER);
      var right = FloatVector.fromMemorySegment(SPECIES, y, yAt + BYTES * i, ORDER);
      var sum = FloatVector.fromMemorySegment(SPECIES, z, zAt + BYTES * i, ORDER);
      left.fma(right, sum).intoMemorySegment(z, zAt + BYTES * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      z.set(JAVA_FLOAT, zAt + BYTES * i, Math.fma(x.get(JAVA_FLOAT, xAt + BYTES * i),
          y.get(JAVA_FLOAT, yAt + BYTES * i), z.get(JAVA_FLOAT, zAt + BYTES * i)));
    }
  }

  /** As {@link RowKernels#map}. */
  static boolean map(UnaryFunction f, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    switch (f) {
      case RELU -> relu(x, xAt, y, yAt, n);
      case STEP -> step(x, xAt, y, yAt, n);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void relu(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = FloatVector.fromMemorySegment(SPECIES, x, xAt + BYTES * i, ORDER);
      v.blend(0, v.compare(LE, 0)).intoMemorySegment(y, yAt + BYTES * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_FLOAT, yAt + BYTES * i, Math.max(x.get(JAVA_FLOAT, xAt + BYTES * i), 0));
    }
  }

  private static void step(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    var zero = FloatVector.zero(SPECIES);
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = FloatVector.fromMemorySegment(SPECIES, x, xAt + BYTES * i, ORDER);
      zero.blend(1, v.compare(GT, 0)).intoMemorySegment(y, yAt + BYTES * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_FLOAT, yAt + BYTES * i, x.get(JAVA_FLOAT, xAt + BYTES * i) > 0 ? 1 : 0);
    }
  }

  /** {@code y = y step(x)}. */
  static void multiplyStep(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    var zero = FloatVector.zero(SPECIES);
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = FloatVector.fromMemorySegment(SPECIES, x, xAt + BYTES * i, ORDER);
      var w = FloatVector.fromMemorySegment(SPECIES, y, yAt + BYTES * i, ORDER);
      w.mul(zero.blend(1, v.compare(GT, 0))).intoMemorySegment(y, yAt + BYTES * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      float step = x.get(JAVA_FLOAT, xAt + BYTES * i) > 0 ? 1 : 0;
      y.set(JAVA_FLOAT, yAt + BYTES * i, step * y.get(JAVA_FLOAT, yAt + BYTES * i));
    }
  }

  static void repeat(MemorySegment x, long xAt, int times, MemorySegment y, long yAt, long n) {
    long lastWhole = yAt + BYTES * n * times - SPECIES.vectorByteSize();
    for (long j = 0; j < n; j++) {
      float value = x.get(JAVA_FLOAT, xAt + BYTES * j);
      long at = yAt + BYTES * j * times;
      long next = at + BYTES * times;
      // What a vector writes beyond the copies of its element is overwritten by those of the next.
      for (; at < next && at <= lastWhole; at += BYTES * LANES) {
        FloatVector.broadcast(SPECIES, value).intoMemorySegment(y, at, ORDER);
      }
      for (; at < next; at += BYTES) {
        y.set(JAVA_FLOAT, at, value);
      }
    }
  }

  static double max(MemorySegment x, long xAt, long n) {
    var m = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      m = m.max(FloatVector.fromMemorySegment(SPECIES, x, xAt + BYTES * i, ORDER));
    }
    float largest = m.reduceLanes(MAX);
    for (long i = whole; i < n; i++) {
      largest = Math.max(largest, x.get(JAVA_FLOAT, xAt + BYTES * i));
    }
    return largest;
  }

  // As integers, the bits of positive floats are in the order of their values, with NaN above infinity.
  static double maxAbs(MemorySegment x, long xAt, long n) {
    var m = IntVector.zero(INTS);
    long whole = INTS.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      m = m.max(IntVector.fromMemorySegment(INTS, x, xAt + BYTES * i, ORDER).and(Integer.MAX_VALUE));
    }
    float largest = Float.intBitsToFloat(m.reduceLanes(MAX));
    for (long i = whole; i < n; i++) {
      largest = Math.max(largest, Math.abs(x.get(JAVA_FLOAT, xAt + BYTES * i)));
    }
    return largest;
  }
}
