package io.contraspectra.bindings.openblas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.contraspectra.bindings.load.NativeUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The thin singular value decomposition by LAPACK's divide and conquer, faithful to it: matrices are column-major, and
 * the caller brings the workspace. Seen column-major, a row-major matrix is its transpose, which exchanges U and V.
 *
 * <p>No operand may overlap another. Errors, thread-safety and life-times are those of {@link Lapacke}; a missing
 * library is a {@link NativeUnavailableException}. NaN and infinities are not looked for: check before the call.
 */
public final class LapackeSvd {
  private static final int COLUMN_MAJOR = 102;
  private static final byte THIN = 'S';
  private static final int QUERY = -1;

  private static final FunctionDescriptor GESDD = FunctionDescriptor.of(JAVA_INT,
      JAVA_INT, JAVA_BYTE, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT,
      ADDRESS, JAVA_INT, ADDRESS);

  private static final MethodHandle DGESDD = OpenBlas.bind("LAPACKE_dgesdd_work", GESDD);
  private static final MethodHandle SGESDD = OpenBlas.bind("LAPACKE_sgesdd_work", GESDD);

  private LapackeSvd() {}

  /**
   * Elements of workspace with which {@link #gesdd} runs fastest.
   *
   * @throws IllegalArgumentException if they cannot be counted in 32 bits
   */
  public static long workspace(Precision precision, long m, long n) {
    String routine = precision.name("gesdd");
    Operands.requireSize(routine, "m", m);
    Operands.requireSize(routine, "n", n);
    long least = least(m, n);
    if (least > Integer.MAX_VALUE) {
      throw Operands.refusal(routine, "A", "is " + m + "x" + n + ", which needs a workspace of " + least
          + " elements; 32-bit LAPACK counts to " + Integer.MAX_VALUE);
    }
    try (var arena = Arena.ofConfined()) {
      var work = arena.allocate(precision.bytes, precision.bytes);
      long r = Math.max(1, Math.min(m, n));
      int info = invoke(precision, m, n, MemorySegment.NULL, Math.max(1, m), MemorySegment.NULL, MemorySegment.NULL,
          Math.max(1, m), MemorySegment.NULL, r, work, QUERY, MemorySegment.NULL);
      if (info != 0) {
        throw new AssertionError(routine + " refused a workspace query: info " + info);
      }
      long asked = precision == Precision.DOUBLE ? (long) work.get(JAVA_DOUBLE, 0) : (long) work.get(JAVA_FLOAT, 0);
      return Math.max(least, Math.min(Integer.MAX_VALUE, asked));
    }
  }

  /**
   * A = U diag(s) Vᵀ with r = min(m, n) singular values.
   *
   * @param a m x n, column-major, destroyed
   * @param s r singular values, descending, written
   * @param u m x r, column-major, written
   * @param vt r x n, column-major, written
   * @param work scratch; its size in elements is what LAPACK may use, see {@link #workspace}
   * @param iwork scratch of 8 r 4-byte integers
   * @return LAPACK's info: 0 done, positive if the algorithm did not converge
   */
  public static int gesdd(
      Precision precision, long m, long n, MemorySegment a, long lda, MemorySegment s, MemorySegment u, long ldu,
      MemorySegment vt, long ldvt, MemorySegment work, MemorySegment iwork) {
    String routine = precision.name("gesdd");
    Operands.requireSize(routine, "m", m);
    Operands.requireSize(routine, "n", n);
    long r = Math.min(m, n);
    int bytes = precision.bytes;
    Operands.requireOutput(routine, "A", a, n, m, lda, bytes);
    Operands.requireOutput(routine, "s", s, r, bytes);
    Operands.requireOutput(routine, "U", u, r, m, ldu, bytes);
    Operands.requireOutput(routine, "Vt", vt, n, r, ldvt, bytes);
    Operands.requireOutput(routine, "work", work, least(m, n), bytes);
    Operands.requireOutput(routine, "iwork", iwork, 8 * r, Integer.BYTES);
    if (r == 0) {
      return 0;
    }
    String[] names = {"A", "s", "U", "Vt", "work", "iwork"};
    MemorySegment[] memory = {slice(a, n * lda * bytes), slice(s, r * bytes), slice(u, r * ldu * bytes),
        slice(vt, n * ldvt * bytes), work, iwork};
    for (int i = 0; i < names.length; i++) {
      for (int j = 0; j < i; j++) {
        Operands.requireDisjoint(routine, names[i], memory[i], names[j], memory[j]);
      }
    }
    return invoke(precision, m, n, a, lda, s, u, ldu, vt, ldvt, work,
        (int) Math.min(Integer.MAX_VALUE, work.byteSize() / bytes), iwork);
  }

  private static int invoke(
      Precision precision, long m, long n, MemorySegment a, long lda, MemorySegment s, MemorySegment u, long ldu,
      MemorySegment vt, long ldvt, MemorySegment work, int lwork, MemorySegment iwork) {
    try {
      return (int) (precision == Precision.DOUBLE ? DGESDD : SGESDD).invokeExact(COLUMN_MAJOR, THIN, (int) m, (int) n,
          a, (int) lda, s, u, (int) ldu, vt, (int) ldvt, work, lwork, iwork);
    } catch (Throwable t) {
      throw Downcall.failure(precision.name("gesdd"), t);
    }
  }

  // LAPACK's documentation for jobz = 'S'.
  private static long least(long m, long n) {
    long small = Math.min(m, n);
    return Math.max(1, 4 * small * small + 7 * small + Math.max(m, n) + 2 * small);
  }

  // A leading dimension may pad the last line too.
  private static MemorySegment slice(MemorySegment memory, long bytes) {
    return memory.asSlice(0, Math.min(memory.byteSize(), bytes));
  }
}
