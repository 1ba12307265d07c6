package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.MAX;

import io.contraspectra.core.backend.UnaryFunction;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on doubles in the Vector API, which C2 compiles to vector instructions on native segments too. Every
 * operation has a loop of its own, spelt out: C2 keeps vectors in registers only where it inlines everything that
 * touches them. The elements behind the last whole vector are computed one by one; IEEE arithmetic gives them the same
 * bits.
 */
final class VectorKernels implements RowKernels {

  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  // As many floats as there are doubles in a vector.
  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final int LANES = DOUBLES.length();
  // Reductions run in this many vectors at once, so that an addition need not wait for the one before.
  private static final int WIDE = 4 * LANES;
  private static final long DOUBLE = Double.BYTES;
  private static final long FLOAT = Float.BYTES;

  @Override
  public void fill(double value, MemorySegment y, long yAt, long n) {
    var v = DoubleVector.broadcast(DOUBLES, value);
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      v.intoMemorySegment(y, yAt + DOUBLE * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_DOUBLE, yAt + DOUBLE * i, value);
    }
  }

  @Override
  public void shift(double value, MemorySegment y, long yAt, long n) {
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * i, ORDER);
      v.add(value).intoMemorySegment(y, yAt + DOUBLE * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_DOUBLE, yAt + DOUBLE * i, get(y, yAt, i) + value);
    }
  }

  @Override
  public void scale(double alpha, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER);
      v.mul(alpha).intoMemorySegment(y, yAt + DOUBLE * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_DOUBLE, yAt + DOUBLE * i, alpha * get(x, xAt, i));
    }
  }

  @Override
  public void add(double alpha, MemorySegment x, long xAt, double beta, MemorySegment y, long yAt, long n) {
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER);
      var w = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * i, ORDER);
      v.mul(alpha).add(w.mul(beta)).intoMemorySegment(y, yAt + DOUBLE * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_DOUBLE, yAt + DOUBLE * i, alpha * get(x, xAt, i) + beta * get(y, yAt, i));
    }
  }

  @Override
  public void multiply(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n) {
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER);
      var w = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * i, ORDER);
      v.mul(w).intoMemorySegment(z, zAt + DOUBLE * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      z.set(JAVA_DOUBLE, zAt + DOUBLE * i, get(x, xAt, i) * get(y, yAt, i));
    }
  }

  @Override
  public void multiplyAdd(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n) {
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var u = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER);
      var v = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * i, ORDER);
      var w = DoubleVector.fromMemorySegment(DOUBLES, z, zAt + DOUBLE * i, ORDER);
      w.add(u.mul(v)).intoMemorySegment(z, zAt + DOUBLE * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      z.set(JAVA_DOUBLE, zAt + DOUBLE * i, get(z, zAt, i) + get(x, xAt, i) * get(y, yAt, i));
    }
  }

  @Override
  public boolean map(UnaryFunction f, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    switch (f) {
      case RELU -> DoubleRectifier.relu(x, xAt, y, yAt, n);
      case STEP -> DoubleRectifier.step(x, xAt, y, yAt, n);
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean multiplyMapped(UnaryFunction f, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    if (f == UnaryFunction.STEP) {
      DoubleRectifier.multiplyStep(x, xAt, y, yAt, n);
    }
    return f == UnaryFunction.STEP;
  }

  @Override
  public void outer(double alpha, MemorySegment b, long bAt, long m, MemorySegment a, long aAt, long n,
      MemorySegment y, long yAt) {
    if (n % LANES == 0 && n > 0) {
      outerVectors(alpha, b, bAt, m, a, aAt, n, y, yAt);
      return;
    }
    for (long j = 0; j < m; j++) {
      scale(alpha * get(b, bAt, j), a, aAt, y, yAt + DOUBLE * j * n, n);
    }
  }

  // One loop: starting another for each of many short rows takes longer than their arithmetic.
  private static void outerVectors(double alpha, MemorySegment b, long bAt, long m, MemorySegment a, long aAt, long n,
      MemorySegment y, long yAt) {
    long next = 0;
    long inRow = n;
    var factor = DoubleVector.zero(DOUBLES);
    for (long i = 0; i < m * n; i += LANES) {
      if (inRow == n) {
        factor = DoubleVector.broadcast(DOUBLES, alpha * get(b, bAt, next++));
        inRow = 0;
      }
      DoubleVector.fromMemorySegment(DOUBLES, a, aAt + DOUBLE * inRow, ORDER).mul(factor)
          .intoMemorySegment(y, yAt + DOUBLE * i, ORDER);
      inRow += LANES;
    }
  }

  /** As {@link #outer}, on floats. */
  static void outerFloats(double alpha, MemorySegment b, long bAt, long m, MemorySegment a, long aAt, long n,
      MemorySegment y, long yAt) {
    for (long j = 0; j < m; j++) {
      scaleFloats(alpha * b.get(JAVA_FLOAT, bAt + FLOAT * j), a, aAt, y, yAt + FLOAT * j * n, n);
    }
  }

  private static void scaleFloats(double alpha, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    long whole = FLOATS.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = (DoubleVector) FloatVector.fromMemorySegment(FLOATS, x, xAt + FLOAT * i, ORDER)
          .convertShape(F2D, DOUBLES, 0);
      v.mul(alpha).convertShape(D2F, FLOATS, 0).intoMemorySegment(y, yAt + FLOAT * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_FLOAT, yAt + FLOAT * i, (float) (alpha * x.get(JAVA_FLOAT, xAt + FLOAT * i)));
    }
  }

  @Override
  public void repeat(MemorySegment x, long xAt, int times, MemorySegment y, long yAt, long n) {
    long end = yAt + DOUBLE * n * times;
    long lastWhole = end - DOUBLES.vectorByteSize();
    for (long j = 0; j < n; j++) {
      double value = get(x, xAt, j);
      long at = yAt + DOUBLE * j * times;
      long next = at + DOUBLE * times;
      // What a vector writes beyond the copies of its element is overwritten by those of the next.
      for (; at < next && at <= lastWhole; at += DOUBLE * LANES) {
        DoubleVector.broadcast(DOUBLES, value).intoMemorySegment(y, at, ORDER);
      }
      for (; at < next; at += DOUBLE) {
        y.set(JAVA_DOUBLE, at, value);
      }
    }
  }

  @Override
  public double exponentials(double shift, MemorySegment x, long at, long n) {
    return TileMap.exponentials(shift, Elements.DOUBLE, x, at, n);
  }

  @Override
  public void widen(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    scale(1, x, xAt, y, yAt, n);
  }

  @Override
  public void narrow(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    scale(1, x, xAt, y, yAt, n);
  }

  /** {@code y = x}, from floats to doubles. */
  static void floatsToDoubles(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = FloatVector.fromMemorySegment(FLOATS, x, xAt + FLOAT * i, ORDER).convertShape(F2D, DOUBLES, 0);
      v.intoMemorySegment(y, yAt + DOUBLE * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_DOUBLE, yAt + DOUBLE * i, x.get(JAVA_FLOAT, xAt + FLOAT * i));
    }
  }

  /** {@code y = x}, from doubles to floats. */
  static void doublesToFloats(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var v = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER).convertShape(D2F, FLOATS, 0);
      v.intoMemorySegment(y, yAt + FLOAT * i, ORDER);
    }
    for (long i = whole; i < n; i++) {
      y.set(JAVA_FLOAT, yAt + FLOAT * i, (float) get(x, xAt, i));
    }
  }

  @Override
  public double sum(MemorySegment x, long xAt, long n) {
    var s0 = DoubleVector.zero(DOUBLES);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    long whole = n - n % WIDE;
    for (long i = 0; i < whole; i += WIDE) {
      var x0 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER);
      s0 = s0.add(x0);
      var x1 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * (i + LANES), ORDER);
      s1 = s1.add(x1);
      var x2 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * (i + 2 * LANES), ORDER);
      s2 = s2.add(x2);
      var x3 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * (i + 3 * LANES), ORDER);
      s3 = s3.add(x3);
    }
    double sum = total(s0.add(s1).add(s2.add(s3)));
    for (long i = whole; i < n; i++) {
      sum += get(x, xAt, i);
    }
    return sum;
  }

  @Override
  public double dot(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    var s0 = DoubleVector.zero(DOUBLES);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    long whole = n - n % WIDE;
    for (long i = 0; i < whole; i += WIDE) {
      var x0 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER);
      var y0 = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * i, ORDER);
      s0 = x0.fma(y0, s0);
      var x1 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * (i + LANES), ORDER);
      var y1 = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * (i + LANES), ORDER);
      s1 = x1.fma(y1, s1);
      var x2 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * (i + 2 * LANES), ORDER);
      var y2 = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * (i + 2 * LANES), ORDER);
      s2 = x2.fma(y2, s2);
      var x3 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * (i + 3 * LANES), ORDER);
      var y3 = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * (i + 3 * LANES), ORDER);
      s3 = x3.fma(y3, s3);
    }
    double sum = total(s0.add(s1).add(s2.add(s3)));
    for (long i = whole; i < n; i++) {
      sum = Math.fma(get(x, xAt, i), get(y, yAt, i), sum);
    }
    return sum;
  }

  @Override
  public double sumSquaredDifferences(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    var s0 = DoubleVector.zero(DOUBLES);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    long whole = n - n % WIDE;
    for (long i = 0; i < whole; i += WIDE) {
      var x0 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER);
      var y0 = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * i, ORDER);
      var d0 = x0.sub(y0);
      s0 = d0.fma(d0, s0);
      var x1 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * (i + LANES), ORDER);
      var y1 = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * (i + LANES), ORDER);
      var d1 = x1.sub(y1);
      s1 = d1.fma(d1, s1);
      var x2 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * (i + 2 * LANES), ORDER);
      var y2 = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * (i + 2 * LANES), ORDER);
      var d2 = x2.sub(y2);
      s2 = d2.fma(d2, s2);
      var x3 = DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * (i + 3 * LANES), ORDER);
      var y3 = DoubleVector.fromMemorySegment(DOUBLES, y, yAt + DOUBLE * (i + 3 * LANES), ORDER);
      var d3 = x3.sub(y3);
      s3 = d3.fma(d3, s3);
    }
    double sum = total(s0.add(s1).add(s2.add(s3)));
    for (long i = whole; i < n; i++) {
      double difference = get(x, xAt, i) - get(y, yAt, i);
      sum = Math.fma(difference, difference, sum);
    }
    return sum;
  }

  @Override
  public double max(MemorySegment x, long xAt, long n) {
    var m = DoubleVector.broadcast(DOUBLES, Double.NEGATIVE_INFINITY);
    long whole = DOUBLES.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      m = m.max(DoubleVector.fromMemorySegment(DOUBLES, x, xAt + DOUBLE * i, ORDER));
    }
    double largest = m.reduceLanes(MAX);
    for (long i = whole; i < n; i++) {
      largest = Math.max(largest, get(x, xAt, i));
    }
    return largest;
  }

  // As integers, the bits of positive doubles are in the order of their values, with NaN above infinity.
  @Override
  public double maxAbs(MemorySegment x, long xAt, long n) {
    var m0 = LongVector.zero(LONGS);
    var m1 = m0;
    long whole = n - n % (2 * LANES);
    for (long i = 0; i < whole; i += 2 * LANES) {
      var x0 = LongVector.fromMemorySegment(LONGS, x, xAt + DOUBLE * i, ORDER);
      var x1 = LongVector.fromMemorySegment(LONGS, x, xAt + DOUBLE * (i + LANES), ORDER);
      m0 = m0.max(x0.and(Long.MAX_VALUE));
      m1 = m1.max(x1.and(Long.MAX_VALUE));
    }
    double largest = Double.longBitsToDouble(m0.max(m1).reduceLanes(MAX));
    for (long i = whole; i < n; i++) {
      largest = Math.max(largest, Math.abs(get(x, xAt, i)));
    }
    return largest;
  }

  // Not reduceLanes, whose order of additions may change when C2 compiles it, and the last bits with it.
  static double total(DoubleVector lanes) {
    double total = 0;
    for (double lane : lanes.toArray()) {
      total += lane;
    }
    return total;
  }

  private static double get(MemorySegment x, long xAt, long i) {
    return x.get(JAVA_DOUBLE, xAt + DOUBLE * i);
  }

  @Override
  public String toString() {
    return "Vector API " + DOUBLES.vectorBitSize() + "-bit f64x" + LANES;
  }
}
