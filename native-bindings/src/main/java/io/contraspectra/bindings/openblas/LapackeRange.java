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
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Some eigenpairs of a symmetric matrix, chosen by index, by multiple relatively robust representations (LAPACK's
 * syevr), faithful to LAPACK: matrices are column-major, and the caller brings the workspace.
 *
 * <p>No operand may overlap another. Errors, thread-safety and life-times are those of {@link Lapacke}; a missing
 * library is a {@link NativeUnavailableException}. NaN and infinities are not looked for: check before the call.
 */
public final class LapackeRange {
  private static final int COLUMN_MAJOR = 102;
  private static final byte VECTORS = 'V';
  private static final byte BY_INDEX = 'I';
  private static final int QUERY = -1;

  private static final MethodHandle DSYEVR = OpenBlas.bind("LAPACKE_dsyevr_work", descriptor(JAVA_DOUBLE));
  private static final MethodHandle SSYEVR = OpenBlas.bind("LAPACKE_ssyevr_work", descriptor(JAVA_FLOAT));

  private LapackeRange() {}

  private static FunctionDescriptor descriptor(ValueLayout real) {
    return FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_BYTE, JAVA_BYTE, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT,
        real, real, JAVA_INT, JAVA_INT, real, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS,
        JAVA_INT);
  }

  /**
   * The workspace that a call wants.
   *
   * @param work elements of {@code work}, of the matrix's precision
   * @param iwork elements of {@code iwork}, 4-byte integers
   */
  public record Workspace(long work, long iwork) {}

  /** Asks how much workspace {@link #syevr} runs fastest with. */
  public static Workspace workspace(Precision precision, long n) {
    Operands.requireSize(precision.name("syevr"), "n", n);
    try (var arena = Arena.ofConfined()) {
      var work = arena.allocate(precision.bytes, precision.bytes);
      var iwork = arena.allocate(JAVA_INT);
      long some = Math.max(1, n);
      int info = invoke(precision, Triangle.UPPER, n, MemorySegment.NULL, some, 1, (int) some, MemorySegment.NULL,
          MemorySegment.NULL, MemorySegment.NULL, some, MemorySegment.NULL, work, QUERY, iwork, QUERY);
      if (info != 0) {
        throw new AssertionError("syevr refused a workspace query: info " + info);
      }
      long asked = precision == Precision.DOUBLE ? (long) work.get(JAVA_DOUBLE, 0) : (long) work.get(JAVA_FLOAT, 0);
      return new Workspace(Math.max(leastWork(n), asked), Math.max(leastIwork(n), iwork.get(JAVA_INT, 0)));
    }
  }

  /**
   * Eigenpairs first to first + count - 1 in ascending order, counted from 0.
   *
   * @param triangle the half of A, seen column-major, that is read
   * @param a n x n, column-major, destroyed
   * @param count at least 1
   * @param w n elements of which the first {@code count} are the eigenvalues, ascending; the rest is scratch
   * @param z n x count, column-major, written: one eigenvector a column
   * @param isuppz scratch of 2 count 4-byte integers
   * @param work scratch; its size in elements is what LAPACK may use, see {@link #workspace}
   * @param iwork scratch of 4-byte integers, likewise
   * @return LAPACK's info: 0 done, positive if the algorithm did not converge
   */
  public static int syevr(
      Precision precision, Triangle triangle, long n, MemorySegment a, long lda, long first, long count,
      MemorySegment w, MemorySegment z, long ldz, MemorySegment isuppz, MemorySegment work, MemorySegment iwork) {
    String routine = precision.name("syevr");
    Operands.requireSize(routine, "n", n);
    if (first < 0 || count < 1 || first > n - count) {
      throw Operands.refusal(routine, "range", first + " + " + count + " does not lie in 0.." + n);
    }
    int bytes = precision.bytes;
    Operands.requireOutput(routine, "A", a, n, n, lda, bytes);
    Operands.requireOutput(routine, "w", w, n, bytes);
    Operands.requireOutput(routine, "Z", z, count, n, ldz, bytes);
    Operands.requireOutput(routine, "isuppz", isuppz, 2 * count, Integer.BYTES);
    Operands.requireOutput(routine, "work", work, leastWork(n), bytes);
    Operands.requireOutput(routine, "iwork", iwork, leastIwork(n), Integer.BYTES);
    String[] names = {"A", "w", "Z", "isuppz", "work", "iwork"};
    MemorySegment[] memory = {slice(a, n * lda * bytes), slice(w, n * bytes), slice(z, count * ldz * bytes), isuppz,
        work, iwork};
    for (int i = 0; i < names.length; i++) {
      for (int j = 0; j < i; j++) {
        Operands.requireDisjoint(routine, names[i], memory[i], names[j], memory[j]);
      }
    }
    try (var arena = Arena.ofConfined()) {
      var found = arena.allocate(JAVA_INT);
      int info = invoke(precision, triangle, n, a, lda, (int) first + 1, (int) (first + count), found, w, z, ldz,
          isuppz, work, elements(work, bytes), iwork, elements(iwork, Integer.BYTES));
      return info == 0 && found.get(JAVA_INT, 0) != count ? 1 : info;
    }
  }

  private static int invoke(
      Precision precision, Triangle triangle, long n, MemorySegment a, long lda, int from, int to,
      MemorySegment found, MemorySegment w, MemorySegment z, long ldz, MemorySegment isuppz, MemorySegment work,
      int lwork, MemorySegment iwork, int liwork) {
    try {
      return switch (precision) {
        case DOUBLE -> (int) DSYEVR.invokeExact(COLUMN_MAJOR, VECTORS, BY_INDEX, triangle.lapack, (int) n, a, (int) lda,
            0.0, 0.0, from, to, 0.0, found, w, z, (int) ldz, isuppz, work, lwork, iwork, liwork);
        case SINGLE -> (int) SSYEVR.invokeExact(COLUMN_MAJOR, VECTORS, BY_INDEX, triangle.lapack, (int) n, a, (int) lda,
            0f, 0f, from, to, 0f, found, w, z, (int) ldz, isuppz, work, lwork, iwork, liwork);
      };
    } catch (Throwable t) {
      throw Downcall.failure(precision.name("syevr"), t);
    }
  }

  private static long leastWork(long n) {
    return Math.max(1, 26 * n);
  }

  private static long leastIwork(long n) {
    return Math.max(1, 10 * n);
  }

  // A leading dimension may pad the last line too.
  private static MemorySegment slice(MemorySegment memory, long bytes) {
    return memory.asSlice(0, Math.min(memory.byteSize(), bytes));
  }

  private static int elements(MemorySegment memory, int bytes) {
    return (int) Math.min(Integer.MAX_VALUE, memory.byteSize() / bytes);
  }
}
