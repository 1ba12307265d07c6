package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Functions so cheap that memory bounds them: one pass over native memory in the Vector API, no detour by arrays. */
final class VectorFunctions {

  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long DOUBLE = Double.BYTES;
  private static final long FLOAT = Float.BYTES;

  private VectorFunctions() {}

  // NaN stays NaN and -0 becomes 0, as in Math.max(z, 0).
  static void relu(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += DOUBLES.length()) {
      var v = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER);
      v.blend(0.0, v.compare(LE, 0.0)).intoMemorySegment(y, yAt + DOUBLE * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_DOUBLE, yAt + DOUBLE * i, Math.max(x.get(JAVA_DOUBLE, xAt + DOUBLE * i), 0));
    }
  }

  static void step(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    var zero = DoubleVector.zero(DOUBLES);
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += DOUBLES.length()) {
      var v = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER);
      zero.blend(1.0, v.compare(GT, 0.0)).intoMemorySegment(y, yAt + DOUBLE * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_DOUBLE, yAt + DOUBLE * i, x.get(JAVA_DOUBLE, xAt + DOUBLE * i) > 0 ? 1 : 0);
    }
  }

  /** As {@link #relu}, on floats. */
  static void reluFloats(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    long whole = FLOATS.loopBound(n);
    for (long i = 0; i < whole; i += FLOATS.length()) {
      var v = FloatVector.fromMemorySegment(FLOATS, x, xAt + FLOAT * i, ORDER);
      v.blend(0f, v.compare(LE, 0f)).intoMemorySegment(y, yAt + FLOAT * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_FLOAT, yAt + FLOAT * i, Math.max(x.get(JAVA_FLOAT, xAt + FLOAT * i), 0));
    }
  }

  /** As {@link #step}, on floats. */
  static void stepFloats(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    var zero = FloatVector.zero(FLOATS);
    long whole = FLOATS.loopBound(n);
    for (long i = 0; i < whole; i += FLOATS.length()) {
      var v = FloatVector.fromMemorySegment(FLOATS, x, xAt + FLOAT * i, ORDER);
      zero.blend(1f, v.compare(GT, 0f)).intoMemorySegment(y, yAt + FLOAT * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_FLOAT, yAt + FLOAT * i, x.get(JAVA_FLOAT, xAt + FLOAT * i) > 0 ? 1 : 0);
    }
  }
}
