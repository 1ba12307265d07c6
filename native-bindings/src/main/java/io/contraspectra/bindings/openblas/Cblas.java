package io.contraspectra.bindings.openblas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.contraspectra.bindings.load.NativeUnavailableException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Matrix products of BLAS level 3 on row-major matrices in native memory.
 *
 * <p>A matrix is a segment whose first element is its corner, and a leading dimension: the number of elements from one
 * row to the next. All sizes are counted in elements and fit 32 bits. The result may not share an element with an input
 * (blocks side by side in one larger matrix are fine if they have the same leading dimension); inputs may overlap each
 * other. With {@code beta = 0} the result's old content is not read, NaN included.
 *
 * <p>Every method throws {@link IllegalArgumentException} before anything is touched if an argument does not fit, and
 * {@link NativeUnavailableException} without OpenBLAS. Calls are safe from any platform thread that may access the
 * segments, and run on the {@linkplain OpenBlasControl#threads() thread count} of the process. The segments stay alive
 * during a call: closing their arena meanwhile throws.
 */
public final class Cblas {
  private static final int ROW_MAJOR = 101;

  private static final MethodHandle DGEMM = OpenBlas.bind("cblas_dgemm", FunctionDescriptor.ofVoid(
      JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
      JAVA_DOUBLE, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_DOUBLE, ADDRESS, JAVA_INT));
  private static final MethodHandle SGEMM = OpenBlas.bind("cblas_sgemm", FunctionDescriptor.ofVoid(
      JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
      JAVA_FLOAT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_INT));
  private static final MethodHandle DSYRK = OpenBlas.bind("cblas_dsyrk", FunctionDescriptor.ofVoid(
      JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
      JAVA_DOUBLE, ADDRESS, JAVA_INT, JAVA_DOUBLE, ADDRESS, JAVA_INT));
  private static final MethodHandle SSYRK = OpenBlas.bind("cblas_ssyrk", FunctionDescriptor.ofVoid(
      JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
      JAVA_FLOAT, ADDRESS, JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_INT));

  private static final MethodHandle DTRSM = OpenBlas.bind("cblas_dtrsm", FunctionDescriptor.ofVoid(
      JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
      JAVA_DOUBLE, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle STRSM = OpenBlas.bind("cblas_strsm", FunctionDescriptor.ofVoid(
      JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
      JAVA_FLOAT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
  private static final int NON_UNIT = 131;

  private Cblas() {}

  /**
   * C := alpha op(A) op(B) + beta C, with 8-byte elements.
   *
   * @param transA op of A; A is stored m x k, or k x m if transposed
   * @param transB op of B; B is stored k x n, or n x k if transposed
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A), rows of op(B); 0 leaves C := beta C
   * @param c m x n, written
   */
  public static void dgemm(
      Transpose transA, Transpose transB, long m, long n, long k,
      double alpha, MemorySegment a, long lda, MemorySegment b, long ldb,
      double beta, MemorySegment c, long ldc) {
    requireGemm("dgemm", transA, transB, m, n, k, a, lda, b, ldb, c, ldc, Double.BYTES);
    if (m == 0 || n == 0) {
      return;
    }
    try {
      DGEMM.invokeExact(ROW_MAJOR, transA.cblas, transB.cblas, (int) m, (int) n, (int) k,
          alpha, a, (int) lda, b, (int) ldb, beta, c, (int) ldc);
    } catch (Throwable t) {
      throw Downcall.failure("cblas_dgemm", t);
    }
  }

  /** C := alpha op(A) op(B) + beta C, with 4-byte elements; otherwise as {@link #dgemm}. */
  public static void sgemm(
      Transpose transA, Transpose transB, long m, long n, long k,
      float alpha, MemorySegment a, long lda, MemorySegment b, long ldb,
      float beta, MemorySegment c, long ldc) {
    requireGemm("sgemm", transA, transB, m, n, k, a, lda, b, ldb, c, ldc, Float.BYTES);
    if (m == 0 || n == 0) {
      return;
    }
    try {
      SGEMM.invokeExact(ROW_MAJOR, transA.cblas, transB.cblas, (int) m, (int) n, (int) k,
          alpha, a, (int) lda, b, (int) ldb, beta, c, (int) ldc);
    } catch (Throwable t) {
      throw Downcall.failure("cblas_sgemm", t);
    }
  }

  /**
   * One triangle of C := alpha op(A) op(A)ᵀ + beta C, with 8-byte elements. The other triangle stays as it is.
   *
   * @param triangle the half of C that is written
   * @param trans op of A; A is stored n x k, or k x n if transposed
   * @param n rows and columns of C
   * @param k columns of op(A); 0 leaves C := beta C
   * @param c n x n, of which one triangle is written
   */
  public static void dsyrk(
      Triangle triangle, Transpose trans, long n, long k,
      double alpha, MemorySegment a, long lda, double beta, MemorySegment c, long ldc) {
    requireSyrk("dsyrk", trans, n, k, a, lda, c, ldc, Double.BYTES);
    if (n == 0) {
      return;
    }
    try {
      DSYRK.invokeExact(ROW_MAJOR, triangle.cblas, trans.cblas, (int) n, (int) k,
          alpha, a, (int) lda, beta, c, (int) ldc);
    } catch (Throwable t) {
      throw Downcall.failure("cblas_dsyrk", t);
    }
  }

  /** One triangle of C := alpha op(A) op(A)ᵀ + beta C, with 4-byte elements; otherwise as {@link #dsyrk}. */
  public static void ssyrk(
      Triangle triangle, Transpose trans, long n, long k,
      float alpha, MemorySegment a, long lda, float beta, MemorySegment c, long ldc) {
    requireSyrk("ssyrk", trans, n, k, a, lda, c, ldc, Float.BYTES);
    if (n == 0) {
      return;
    }
    try {
      SSYRK.invokeExact(ROW_MAJOR, triangle.cblas, trans.cblas, (int) n, (int) k,
          alpha, a, (int) lda, beta, c, (int) ldc);
    } catch (Throwable t) {
      throw Downcall.failure("cblas_ssyrk", t);
    }
  }

  /**
   * B := alpha op(T)⁻¹ B, or alpha B op(T)⁻¹ on the right. A zero on T's diagonal gives infinities.
   *
   * @param side where T stands
   * @param triangle the half of T that is read
   * @param trans op of T
   * @param m rows of B
   * @param n columns of B
   * @param t square, of order m on the left and n on the right
   * @param b m x n, overwritten by the solution
   */
  public static void trsm(
      Precision precision, Side side, Triangle triangle, Transpose trans, long m, long n,
      double alpha, MemorySegment t, long ldt, MemorySegment b, long ldb) {
    String routine = precision.name("trsm");
    Operands.requireSize(routine, "m", m);
    Operands.requireSize(routine, "n", n);
    long order = side == Side.LEFT ? m : n;
    Operands.requireInput(routine, "T", t, order, order, ldt, precision.bytes);
    Operands.requireOutput(routine, "B", b, m, n, ldb, precision.bytes);
    Operands.requireDisjoint(routine, "B", b, m, n, ldb, "T", t, order, order, ldt, precision.bytes);
    if (m == 0 || n == 0) {
      return;
    }
    try {
      switch (precision) {
        case DOUBLE -> DTRSM.invokeExact(ROW_MAJOR, side.cblas, triangle.cblas, trans.cblas, NON_UNIT, (int) m, (int) n,
            alpha, t, (int) ldt, b, (int) ldb);
        case SINGLE -> STRSM.invokeExact(ROW_MAJOR, side.cblas, triangle.cblas, trans.cblas, NON_UNIT, (int) m, (int) n,
            (float) alpha, t, (int) ldt, b, (int) ldb);
      }
    } catch (Throwable thrown) {
      throw Downcall.failure(routine, thrown);
    }
  }

  private static void requireGemm(
      String routine, Transpose transA, Transpose transB, long m, long n, long k,
      MemorySegment a, long lda, MemorySegment b, long ldb, MemorySegment c, long ldc, int bytes) {
    Operands.requireSize(routine, "m", m);
    Operands.requireSize(routine, "n", n);
    Operands.requireSize(routine, "k", k);
    boolean plainA = transA == Transpose.NO_TRANSPOSE;
    boolean plainB = transB == Transpose.NO_TRANSPOSE;
    long aRows = plainA ? m : k;
    long aColumns = plainA ? k : m;
    long bRows = plainB ? k : n;
    long bColumns = plainB ? n : k;
    Operands.requireInput(routine, "A", a, aRows, aColumns, lda, bytes);
    Operands.requireInput(routine, "B", b, bRows, bColumns, ldb, bytes);
    Operands.requireOutput(routine, "C", c, m, n, ldc, bytes);
    Operands.requireDisjoint(routine, "C", c, m, n, ldc, "A", a, aRows, aColumns, lda, bytes);
    Operands.requireDisjoint(routine, "C", c, m, n, ldc, "B", b, bRows, bColumns, ldb, bytes);
  }

  private static void requireSyrk(
      String routine, Transpose trans, long n, long k,
      MemorySegment a, long lda, MemorySegment c, long ldc, int bytes) {
    Operands.requireSize(routine, "n", n);
    Operands.requireSize(routine, "k", k);
    boolean plain = trans == Transpose.NO_TRANSPOSE;
    long rows = plain ? n : k;
    long columns = plain ? k : n;
    Operands.requireInput(routine, "A", a, rows, columns, lda, bytes);
    Operands.requireOutput(routine, "C", c, n, n, ldc, bytes);
    Operands.requireDisjoint(routine, "C", c, n, n, ldc, "A", a, rows, columns, lda, bytes);
  }
}
