package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.UnaryFunction;
import java.lang.foreign.MemorySegment;

/**
 * Arithmetic on runs of {@code n} contiguous elements of one type. An operand is a native segment and the byte at which
 * the run starts. An output may be one of the inputs, element for element.
 *
 * <p>All arithmetic but that of exponentials of floats is done in double precision and rounded once to the element
 * type. What becomes of an element depends on its own value only, never on its place in the run, so that results do not
 * depend on how matrices are cut into runs. Reductions are meant for one block and depend on its elements and length
 * only. Thread-safe.
 */
interface RowKernels {

  /** {@code y = value}. */
  void fill(double value, MemorySegment y, long yAt, long n);

  /** {@code y = y + value}. */
  void shift(double value, MemorySegment y, long yAt, long n);

  /** {@code y = alpha x}. */
  void scale(double alpha, MemorySegment x, long xAt, MemorySegment y, long yAt, long n);

  /** {@code y = alpha x + beta y}. */
  void add(double alpha, MemorySegment x, long xAt, double beta, MemorySegment y, long yAt, long n);

  /** {@code z = x y}. */
  void multiply(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n);

  /** {@code z = z + x y}. */
  void multiplyAdd(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n);

  /**
   * {@code y = f(x)} for a function of one or two instructions, where these kernels have a loop of its own for it.
   *
   * @return whether they have; if not, nothing is done
   */
  default boolean map(UnaryFunction f, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    return false;
  }

  /**
   * {@code y = y f(x)}, where these kernels have a loop of its own for f.
   *
   * @return whether they have; if not, nothing is done
   */
  default boolean multiplyMapped(UnaryFunction f, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    return false;
  }

  /** {@code y_(jn+l) = (alpha b_j) a_l} for j below m and l below n; y must overlap neither. */
  void outer(double alpha, MemorySegment b, long bAt, long m, MemorySegment a, long aAt, long n, MemorySegment y,
      long yAt);

  /** {@code y_(jK+k) = x_j} for j below {@code n} and k below {@code times} = K; the runs must not overlap. */
  void repeat(MemorySegment x, long xAt, int times, MemorySegment y, long yAt, long n);

  /** {@code x = exp(x - shift)}, within 2 ulp; returns the sum of what becomes of x, before or after rounding. */
  double exponentials(double shift, MemorySegment x, long at, long n);

  /** {@code y = x}, with y in double precision. */
  void widen(MemorySegment x, long xAt, MemorySegment y, long yAt, long n);

  /** {@code y = x}, with x in double precision. */
  void narrow(MemorySegment x, long xAt, MemorySegment y, long yAt, long n);

  /** The sum of x. */
  double sum(MemorySegment x, long xAt, long n);

  /** The sum of x y. */
  double dot(MemorySegment x, long xAt, MemorySegment y, long yAt, long n);

  /** The sum of (x - y)^2. */
  double sumSquaredDifferences(MemorySegment x, long xAt, MemorySegment y, long yAt, long n);

  /** The largest x, minus infinity without elements, NaN if any element is. */
  double max(MemorySegment x, long xAt, long n);

  /** The largest |x|, 0 without elements, NaN if any element is. */
  double maxAbs(MemorySegment x, long xAt, long n);
}
