package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The rectifier and its slope on runs of doubles, as {@link RowKernels} has them, in the Vector API. */
final class DoubleRectifier {

  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = SPECIES.length();
  private static final long BYTES = Double.BYTES;

  private DoubleRectifier() {}

  /** {@code y = max(x, 0)}; NaN stays NaN. */
  static void relu(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = DoubleVector.fromMemorySegment(SPECIES, x, xAt + BYTES * i, ORDER);
      v.blend(0, v.compare(LE, 0)).intoMemorySegment(y, yAt + BYTES * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_DOUBLE, yAt + BYTES * i, Math.max(x.get(JAVA_DOUBLE, xAt + BYTES * i), 0));
    }
  }

  /** {@code y = 1} where x is positive, else 0. */
  static void step(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    var zero = DoubleVector.zero(SPECIES);
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = DoubleVector.fromMemorySegment(SPECIES, x, xAt + BYTES * i, ORDER);
      zero.blend(1, v.compare(GT, 0)).intoMemorySegment(y, yAt + BYTES * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_DOUBLE, yAt + BYTES * i, x.get(JAVA_DOUBLE, xAt + BYTES * i) > 0 ? 1 : 0);
    }
  }

  /** {@code y = y step(x)}. */
  static void multiplyStep(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    var zero = DoubleVector.zero(SPECIES);
    long whole = SPECIES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = DoubleVector.fromMemorySegment(SPECIES, x, xAt + BYTES * i, ORDER);
      var w = DoubleVector.fromMemorySegment(SPECIES, y, yAt + BYTES * i, ORDER);
      w.mul(zero.blend(1, v.compare(GT, 0))).intoMemorySegment(y, yAt + BYTES * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      double step = x.get(JAVA_DOUBLE, xAt + BYTES * i) > 0 ? 1 : 0;
      y.set(JAVA_DOUBLE, yAt + BYTES * i, step * y.get(JAVA_DOUBLE, yAt + BYTES * i));
    }
  }
}
