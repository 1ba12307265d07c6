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
 * Symmetric eigenproblems by LAPACK, faithful to it: matrices are column-major, and the caller brings the workspace.
 *
 * <p>LAPACKE's row-major mode copies the matrix twice and is not offered, for it is not needed: a symmetric row-major
 * matrix is the column-major one with the triangle {@linkplain Triangle#transposed() transposed}, and the eigenvectors,
 * column-major columns, are then its rows.
 *
 * <p>No operand may overlap another. Every method throws {@link IllegalArgumentException} before anything is touched if
 * an argument does not fit, and {@link NativeUnavailableException} without OpenBLAS; thread-safety and life-times are
 * those of {@link Cblas}. NaN and infinities are not looked for: check before the call.
 */
public final class Lapacke {
  private static final int COLUMN_MAJOR = 102;
  private static final int QUERY = -1;

  private static final FunctionDescriptor SYEVD = FunctionDescriptor.of(JAVA_INT,
      JAVA_INT, JAVA_BYTE, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);

  private static final MethodHandle DSYEVD = OpenBlas.bind("LAPACKE_dsyevd_work", SYEVD);
  private static final MethodHandle SSYEVD = OpenBlas.bind("LAPACKE_ssyevd_work", SYEVD);

  private Lapacke() {}

  /**
   * The workspace that a call wants.
   *
   * @param work elements of {@code work}, of the matrix's precision
   * @param iwork elements of {@code iwork}, 4-byte integers
   */
  public record SyevdWorkspace(long work, long iwork) {
    /** The least that LAPACK's documentation allows; below it the routine refuses. */
    static SyevdWorkspace least(EigenJob job, long n) {
      if (n <= 1) {
        return new SyevdWorkspace(1, 1);
      }
      return switch (job) {
        case VALUES -> new SyevdWorkspace(2 * n + 1, 1);
        case VECTORS -> new SyevdWorkspace(1 + 6 * n + 2 * n * n, 3 + 5 * n);
      };
    }
  }

  /**
   * Asks how much workspace {@link #dsyevd} runs fastest with.
   *
   * @throws IllegalArgumentException if n is so large that the workspace cannot be counted in 32 bits (eigenvectors:
   *     above 32766)
   */
  public static SyevdWorkspace dsyevdWorkspace(EigenJob job, long n) {
    requireCountable("dsyevd", job, n);
    try (var arena = Arena.ofConfined()) {
      var work = arena.allocate(JAVA_DOUBLE);
      var iwork = arena.allocate(JAVA_INT);
      requireAccepted("LAPACKE_dsyevd_work", invokeDsyevd(job, Triangle.UPPER, n, MemorySegment.NULL, Math.max(1, n),
          MemorySegment.NULL, work, QUERY, iwork, QUERY));
      return atLeast(SyevdWorkspace.least(job, n), work.get(JAVA_DOUBLE, 0), iwork.get(JAVA_INT, 0));
    }
  }

  /** Asks how much workspace {@link #ssyevd} runs fastest with; otherwise as {@link #dsyevdWorkspace}. */
  public static SyevdWorkspace ssyevdWorkspace(EigenJob job, long n) {
    requireCountable("ssyevd", job, n);
    try (var arena = Arena.ofConfined()) {
      var work = arena.allocate(JAVA_FLOAT);
      var iwork = arena.allocate(JAVA_INT);
      requireAccepted("LAPACKE_ssyevd_work", invokeSsyevd(job, Triangle.UPPER, n, MemorySegment.NULL, Math.max(1, n),
          MemorySegment.NULL, work, QUERY, iwork, QUERY));
      return atLeast(SyevdWorkspace.least(job, n), work.get(JAVA_FLOAT, 0), iwork.get(JAVA_INT, 0));
    }
  }

  /**
   * All eigenvalues of a symmetric matrix, and its eigenvectors if asked for, by divide and conquer; 8-byte elements.
   *
   * @param triangle the half of A, seen column-major, that is read
   * @param n rows and columns of A
   * @param a n x n, column-major; overwritten by the eigenvectors, one a column, or merely destroyed
   * @param lda elements from one column to the next, at least n
   * @param w n eigenvalues, ascending, written
   * @param work scratch; its size in elements is what LAPACK may use, see {@link #dsyevdWorkspace}
   * @param iwork scratch of 4-byte integers, likewise
   * @return LAPACK's info: 0 done, positive if the algorithm did not converge
   */
  public static int dsyevd(
      EigenJob job, Triangle triangle, long n, MemorySegment a, long lda, MemorySegment w,
      MemorySegment work, MemorySegment iwork) {
    requireSyevd("dsyevd", job, n, a, lda, w, work, iwork, Double.BYTES);
    if (n == 0) {
      return 0;
    }
    return invokeDsyevd(job, triangle, n, a, lda, w,
        work, elements(work, Double.BYTES), iwork, elements(iwork, Integer.BYTES));
  }

  /** All eigenpairs of a symmetric matrix with 4-byte elements; otherwise as {@link #dsyevd}. */
  public static int ssyevd(
      EigenJob job, Triangle triangle, long n, MemorySegment a, long lda, MemorySegment w,
      MemorySegment work, MemorySegment iwork) {
    requireSyevd("ssyevd", job, n, a, lda, w, work, iwork, Float.BYTES);
    if (n == 0) {
      return 0;
    }
    return invokeSsyevd(job, triangle, n, a, lda, w,
        work, elements(work, Float.BYTES), iwork, elements(iwork, Integer.BYTES));
  }

  private static int invokeDsyevd(
      EigenJob job, Triangle triangle, long n, MemorySegment a, long lda, MemorySegment w,
      MemorySegment work, int lwork, MemorySegment iwork, int liwork) {
    try {
      return (int) DSYEVD.invokeExact(COLUMN_MAJOR, job.lapack, triangle.lapack, (int) n, a, (int) lda, w,
          work, lwork, iwork, liwork);
    } catch (Throwable t) {
      throw Downcall.failure("LAPACKE_dsyevd_work", t);
    }
  }

  private static int invokeSsyevd(
      EigenJob job, Triangle triangle, long n, MemorySegment a, long lda, MemorySegment w,
      MemorySegment work, int lwork, MemorySegment iwork, int liwork) {
    try {
      return (int) SSYEVD.invokeExact(COLUMN_MAJOR, job.lapack, triangle.lapack, (int) n, a, (int) lda, w,
          work, lwork, iwork, liwork);
    } catch (Throwable t) {
      throw Downcall.failure("LAPACKE_ssyevd_work", t);
    }
  }

  private static void requireCountable(String routine, EigenJob job, long n) {
    Operands.requireSize(routine, "n", n);
    long least = SyevdWorkspace.least(job, n).work();
    if (least > Integer.MAX_VALUE) {
      throw Operands.refusal(routine, "n", "is " + n + ", which needs a workspace of " + least
          + " elements; 32-bit LAPACK counts to " + Integer.MAX_VALUE);
    }
  }

  private static void requireSyevd(
      String routine, EigenJob job, long n, MemorySegment a, long lda, MemorySegment w,
      MemorySegment work, MemorySegment iwork, int bytes) {
    requireCountable(routine, job, n);
    var least = SyevdWorkspace.least(job, n);
    Operands.requireOutput(routine, "A", a, n, n, lda, bytes);
    Operands.requireOutput(routine, "w", w, n, bytes);
    Operands.requireOutput(routine, "work", work, least.work(), bytes);
    Operands.requireOutput(routine, "iwork", iwork, least.iwork(), Integer.BYTES);
    var matrix = a.asSlice(0, Math.min(a.byteSize(), n * lda * bytes)); // lda may pad the last column too
    var values = w.asSlice(0, n * bytes);
    Operands.requireDisjoint(routine, "A", matrix, "w", values);
    Operands.requireDisjoint(routine, "A", matrix, "work", work);
    Operands.requireDisjoint(routine, "A", matrix, "iwork", iwork);
    Operands.requireDisjoint(routine, "w", values, "work", work);
    Operands.requireDisjoint(routine, "w", values, "iwork", iwork);
    Operands.requireDisjoint(routine, "work", work, "iwork", iwork);
  }

  private static void requireAccepted(String symbol, int info) {
    if (info != 0) {
      throw new AssertionError(symbol + " refused a workspace query: info " + info);
    }
  }

  /** The answer comes as a floating-point number, which in single precision may be rounded below the truth. */
  private static SyevdWorkspace atLeast(SyevdWorkspace least, double work, int iwork) {
    return new SyevdWorkspace(Math.max(least.work(), (long) work), Math.max(least.iwork(), iwork));
  }

  private static int elements(MemorySegment memory, int bytes) {
    return (int) Math.min(Integer.MAX_VALUE, memory.byteSize() / bytes);
  }
}
