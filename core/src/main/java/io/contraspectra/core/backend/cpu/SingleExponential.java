package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exponential in single precision, within 1.1 ulp of the true one: {@code exp(x) = 2^k exp(r)} with
 * {@code |r| <= log(2)/2}, and a polynomial for {@code exp(r)}. Vectors and remainders do the same IEEE operations.
 */
final class SingleExponential {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = FLOATS.length();
  private static final long BYTES = Float.BYTES;

  // Beyond these exp is 0 or infinite, and both halves of the power of two are normal numbers.
  private static final float START = -104;
  private static final float END = 89;

  private static final float LOG2_E = 1.44269504f;
  // log 2, cut to 15 bits so that its multiples by exponents are exact, and the rest.
  private static final float LN2_HIGH = 0x1.62e4p-1f;
  private static final float LN2_LOW = 0x1.7f7d1cp-20f;

  // (exp(r) - 1 - r) / r^2 by interpolation at 60 Chebyshev nodes, cut after r^4 and rounded; error 1.1e-8 of exp(r).
  private static final float C0 = 0x1p-1f;
  private static final float C1 = 0x1.5554dcp-3f;
  private static final float C2 = 0x1.5554e8p-5f;
  private static final float C3 = 0x1.120be8p-7f;
  private static final float C4 = 0x1.6d43b4p-10f;

  // Added to a small integer, it leaves that integer in the lowest bits.
  private static final float INTEGER = 0x1.8p23f;
  private static final int INTEGER_BITS = Float.floatToRawIntBits(INTEGER);
  private static final int BIAS = 127;
  private static final int FRACTION_BITS = 23;

  private SingleExponential() {}

  /** {@code y = exp(x - shift)} for {@code n} elements, element for element; returns the sum of y. */
  static double exponentials(float shift, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    var even = DoubleVector.zero(DOUBLES);
    var odd = DoubleVector.zero(DOUBLES);
    long whole = FLOATS.loopBound(n);
    for (long i = 0; i < whole; i += LANES) {
      var z = FloatVector.fromMemorySegment(FLOATS, x, xAt + BYTES * i, ORDER).sub(shift).max(START).min(END);
      var shifted = z.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, INTEGER));
      var k = shifted.sub(INTEGER);
      var r = k.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), z);
      r = k.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
      var p = r.fma(FloatVector.broadcast(FLOATS, C4), FloatVector.broadcast(FLOATS, C3));
      p = p.fma(r, FloatVector.broadcast(FLOATS, C2));
      p = p.fma(r, FloatVector.broadcast(FLOATS, C1));
      p = p.fma(r, FloatVector.broadcast(FLOATS, C0));
      p = p.fma(r.mul(r), r).add(1f);
      var exponent = shifted.reinterpretAsInts().sub(INTEGER_BITS);
      var half = exponent.lanewise(ASHR, 1);
      var low = half.add(BIAS).lanewise(LSHL, FRACTION_BITS).reinterpretAsFloats();
      var high = exponent.sub(half).add(BIAS).lanewise(LSHL, FRACTION_BITS).reinterpretAsFloats();
      var e = p.mul(high).mul(low);
      e.intoMemorySegment(y, yAt + BYTES * i, ORDER);
      even = even.add(e.convertShape(F2D, DOUBLES, 0));
      odd = odd.add(e.convertShape(F2D, DOUBLES, 1));
    }
    double sum = VectorKernels.total(even.add(odd));
    for (long i = whole; i < n; i++) {
      float e = exp(x.get(JAVA_FLOAT, xAt + BYTES * i) - shift);
      y.set(JAVA_FLOAT, yAt + BYTES * i, e);
      sum += e;
    }
    return sum;
  }

  private static float exp(float x) {
    float z = Math.min(Math.max(x, START), END);
    float shifted = Math.fma(z, LOG2_E, INTEGER);
    float k = shifted - INTEGER;
    float r = Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, z));
    float p = Math.fma(Math.fma(Math.fma(Math.fma(r, C4, C3), r, C2), r, C1), r, C0);
    int exponent = Float.floatToRawIntBits(shifted) - INTEGER_BITS;
    int half = exponent >> 1;
    return (Math.fma(p, r * r, r) + 1) * power(exponent - half) * power(half);
  }

  private static float power(int exponent) {
    return Float.intBitsToFloat(exponent + BIAS << FRACTION_BITS);
  }
}
