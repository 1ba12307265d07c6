package io.contraspectra.bindings.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.contraspectra.bindings.load.NativeUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Matrix products and sums on a device, faithful to cuBLAS: matrices are column-major, sizes 64-bit, and work runs in the order
 * of the handle's stream. Factors come from the host.
 *
 * <p>Every method throws {@link CudaException} if the call does not succeed, and {@link NativeUnavailableException}
 * without the library. A handle serves one thread at a time.
 */
public final class Cublas {
  private static final MethodHandle STATUS_NAME = CudaLibrary.CUBLAS.bind("cublasGetStatusName",
      FunctionDescriptor.of(ADDRESS, JAVA_INT));
  private static final MethodHandle CREATE = bind("cublasCreate_v2", ADDRESS);
  private static final MethodHandle DESTROY = bind("cublasDestroy_v2", JAVA_LONG);
  private static final MethodHandle SET_STREAM = bind("cublasSetStream_v2", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SET_WORKSPACE = bind("cublasSetWorkspace_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SET_MATH_MODE = bind("cublasSetMathMode", JAVA_LONG, JAVA_INT);

  private static final MethodHandle[] GEMM = both("gemm_v2_64", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG,
      JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle[] GEMM_STRIDED = both("gemmStridedBatched_64", JAVA_LONG, JAVA_INT, JAVA_INT,
      JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
      ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle[] SYRK = both("syrk_v2_64", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS,
      JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle[] TRSM = both("trsm_v2_64", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG,
      JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle[] GEAM = both("geam_64", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG,
      ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle[] DGMM = both("dgmm_64", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG,
      JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private Cublas() {}

  /** How products of 4-byte elements are rounded. */
  public enum MathMode {
    /** Each factor in full. */
    EXACT(0),
    /** Factors cut to 10 bits of mantissa, for the sake of speed. */
    TF32(3);

    private final int code;

    MathMode(int code) {
      this.code = code;
    }
  }

  private static MethodHandle bind(String symbol, MemoryLayout... parameters) {
    return CudaLibrary.CUBLAS.bind(symbol, parameters);
  }

  /** The routine for 4-byte and for 8-byte elements, by what the library exports, not by what its header calls it. */
  private static MethodHandle[] both(String routine, MemoryLayout... parameters) {
    return new MethodHandle[] {
        bind("cublasS" + routine, parameters), bind("cublasD" + routine, parameters)};
  }

  private static void check(String name, Call call) {
    Call.check(name, Cublas::statusName, call);
  }

  private static String statusName(int status) {
    try {
      return Call.text((MemorySegment) STATUS_NAME.invokeExact(status));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  private static String name(Real real, String routine) {
    return (real == Real.DOUBLE ? "cublasD" : "cublasS") + routine;
  }

  /** A new handle in the current context. */
  public static long create() {
    try (var arena = Arena.ofConfined()) {
      var handle = arena.allocate(JAVA_LONG);
      check("cublasCreate", () -> (int) CREATE.invokeExact(handle));
      return handle.get(JAVA_LONG, 0);
    }
  }

  /** Ends a handle. */
  public static void destroy(long handle) {
    check("cublasDestroy", () -> (int) DESTROY.invokeExact(handle));
  }

  /** Lets a handle work in a stream; its workspace is the library's own again. */
  public static void setStream(long handle, long stream) {
    check("cublasSetStream", () -> (int) SET_STREAM.invokeExact(handle, stream));
  }

  /** Gives a handle a workspace of its own, without which several streams at once may change bits. */
  public static void setWorkspace(long handle, long address, long bytes) {
    check("cublasSetWorkspace", () -> (int) SET_WORKSPACE.invokeExact(handle, address, bytes));
  }

  /** Sets how products of 4-byte elements are rounded. */
  public static void setMathMode(long handle, MathMode mode) {
    check("cublasSetMathMode", () -> (int) SET_MATH_MODE.invokeExact(handle, mode.code));
  }

  /**
   * C := alpha op(A) op(B) + beta C.
   *
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A), rows of op(B)
   */
  public static void gemm(
      long handle, Real real, Op opA, Op opB, long m, long n, long k, double alpha, long a, long lda, long b, long ldb,
      double beta, long c, long ldc) {
    try (var factors = new Factors(real, alpha, beta)) {
      check(name(real, "gemm"), () -> (int) GEMM[real.code].invokeExact(handle, opA.ordinal(), opB.ordinal(), m, n, k,
          factors.alpha, a, lda, b, ldb, factors.beta, c, ldc));
    }
  }

  /** {@code count} products as {@link #gemm}, of matrices that lie {@code strideA}, … elements apart. */
  public static void gemmStridedBatched(
      long handle, Real real, Op opA, Op opB, long m, long n, long k, double alpha, long a, long lda, long strideA,
      long b, long ldb, long strideB, double beta, long c, long ldc, long strideC, long count) {
    try (var factors = new Factors(real, alpha, beta)) {
      check(name(real, "gemmStridedBatched"), () -> (int) GEMM_STRIDED[real.code].invokeExact(handle, opA.ordinal(),
          opB.ordinal(), m, n, k, factors.alpha, a, lda, strideA, b, ldb, strideB, factors.beta, c, ldc, strideC,
          count));
    }
  }

  /**
   * One triangle of C := alpha op(A) op(A)ᵀ + beta C.
   *
   * @param n rows and columns of C
   * @param k columns of op(A)
   */
  public static void syrk(
      long handle, Real real, Fill fill, Op op, long n, long k, double alpha, long a, long lda, double beta, long c,
      long ldc) {
    try (var factors = new Factors(real, alpha, beta)) {
      check(name(real, "syrk"), () -> (int) SYRK[real.code].invokeExact(handle, fill.ordinal(), op.ordinal(), n, k,
          factors.alpha, a, lda, factors.beta, c, ldc));
    }
  }

  /**
   * B := alpha op(T)⁻¹ B, or alpha B op(T)⁻¹.
   *
   * @param right whether T stands on the right
   * @param m rows of B
   * @param n columns of B
   */
  public static void trsm(
      long handle, Real real, boolean right, Fill fill, Op op, long m, long n, double alpha, long t, long ldt, long b,
      long ldb) {
    int side = right ? 1 : 0;
    int nonUnit = 0;
    try (var factors = new Factors(real, alpha, 0)) {
      check(name(real, "trsm"), () -> (int) TRSM[real.code].invokeExact(handle, side, fill.ordinal(), op.ordinal(),
          nonUnit, m, n, factors.alpha, t, ldt, b, ldb));
    }
  }

  /**
   * C := alpha op(A) + beta op(B). B is not read where beta is 0; C may be an operand that is taken as it is, with its
   * leading dimension.
   *
   * @param m rows of C
   * @param n columns of C
   */
  public static void geam(
      long handle, Real real, Op opA, Op opB, long m, long n, double alpha, long a, long lda, double beta, long b,
      long ldb, long c, long ldc) {
    try (var factors = new Factors(real, alpha, beta)) {
      check(name(real, "geam"), () -> (int) GEAM[real.code].invokeExact(handle, opA.ordinal(), opB.ordinal(), m, n,
          factors.alpha, a, lda, factors.beta, b, ldb, c, ldc));
    }
  }

  /**
   * C := diag(x) A, or A diag(x). C may be A, with its leading dimension.
   *
   * @param right whether diag(x) stands on the right
   * @param m rows of A and C
   * @param n columns of A and C
   * @param incx elements from one of x to the next
   */
  public static void dgmm(
      long handle, Real real, boolean right, long m, long n, long a, long lda, long x, long incx, long c, long ldc) {
    int side = right ? 1 : 0;
    check(name(real, "dgmm"), () -> (int) DGMM[real.code].invokeExact(handle, side, m, n, a, lda, x, incx, c, ldc));
  }

  /** Factors of a call, in the element type, on the host; read before the call returns. */
  private static final class Factors implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment alpha = arena.allocate(Double.BYTES, Double.BYTES);
    private final MemorySegment beta = arena.allocate(Double.BYTES, Double.BYTES);

    Factors(Real real, double alpha, double beta) {
      real.put(this.alpha, alpha);
      real.put(this.beta, beta);
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
