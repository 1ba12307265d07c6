package io.contraspectra.bindings.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.contraspectra.bindings.load.NativeUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Factorisations on a device, faithful to cuSOLVER's 64-bit interface: matrices are column-major, the caller brings the
 * workspaces, and work runs in the order of the handle's stream. {@code info}, one 4-byte integer on the device,
 * becomes 0 where all went well.
 *
 * <p>Every method throws {@link CudaException} if the call does not succeed, and {@link NativeUnavailableException}
 * without the library. A handle serves one thread at a time.
 */
public final class Cusolver {
  private static final int VECTORS = 1;
  private static final int BY_INDEX = 1002;
  private static final byte THIN = 'S';

  private static final MethodHandle CREATE = bind("cusolverDnCreate", ADDRESS);
  private static final MethodHandle DESTROY = bind("cusolverDnDestroy", JAVA_LONG);
  private static final MethodHandle SET_STREAM = bind("cusolverDnSetStream", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle CREATE_PARAMS = bind("cusolverDnCreateParams", ADDRESS);
  private static final MethodHandle DESTROY_PARAMS = bind("cusolverDnDestroyParams", JAVA_LONG);

  private static final MethodHandle SYEVD_SIZE = bind("cusolverDnXsyevd_bufferSize", JAVA_LONG, JAVA_LONG, JAVA_INT,
      JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SYEVD = bind("cusolverDnXsyevd", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT,
      JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS,
      JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SYEVDX_SIZE = bind("cusolverDnXsyevdx_bufferSize", JAVA_LONG, JAVA_LONG, JAVA_INT,
      JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS,
      JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SYEVDX = bind("cusolverDnXsyevdx", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT,
      JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT,
      JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle GEQRF_SIZE = bind("cusolverDnXgeqrf_bufferSize", JAVA_LONG, JAVA_LONG, JAVA_LONG,
      JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle GEQRF = bind("cusolverDnXgeqrf", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
      JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG,
      JAVA_LONG);
  private static final MethodHandle[] ORGQR_SIZE = both("orgqr_bufferSize", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
      JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle[] ORGQR = both("orgqr", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG,
      JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
  private static final MethodHandle POTRF_SIZE = bind("cusolverDnXpotrf_bufferSize", JAVA_LONG, JAVA_LONG, JAVA_INT,
      JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle POTRF = bind("cusolverDnXpotrf", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG,
      JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle GESVD_SIZE = bind("cusolverDnXgesvd_bufferSize", JAVA_LONG, JAVA_LONG, JAVA_BYTE,
      JAVA_BYTE, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG,
      JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle GESVD = bind("cusolverDnXgesvd", JAVA_LONG, JAVA_LONG, JAVA_BYTE, JAVA_BYTE,
      JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG,
      JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);

  private static final String[] STATUS = {"SUCCESS", "NOT_INITIALIZED", "ALLOC_FAILED", "INVALID_VALUE",
      "ARCH_MISMATCH", "MAPPING_ERROR", "EXECUTION_FAILED", "INTERNAL_ERROR", "MATRIX_TYPE_NOT_SUPPORTED",
      "NOT_SUPPORTED", "ZERO_PIVOT", "INVALID_LICENSE"};

  private Cusolver() {}

  /**
   * A handle with its parameters.
   *
   * @param address the handle itself
   * @param parameters the library's own settings
   */
  public record Handle(long address, long parameters) {}

  /**
   * What a call wants beside its operands.
   *
   * @param device bytes on the device
   * @param host bytes on the host
   */
  public record Workspace(long device, long host) {}

  /**
   * What a call gets beside its operands.
   *
   * @param device address of memory on the device
   * @param deviceBytes its size
   * @param host memory on the host
   * @param info address of one 4-byte integer on the device
   */
  public record Scratch(long device, long deviceBytes, MemorySegment host, long info) {}

  private static MethodHandle bind(String symbol, MemoryLayout... parameters) {
    return CudaLibrary.CUSOLVER.bind(symbol, parameters);
  }

  private static MethodHandle[] both(String routine, MemoryLayout... parameters) {
    return new MethodHandle[] {
        bind("cusolverDnS" + routine, parameters), bind("cusolverDnD" + routine, parameters)};
  }

  private static void check(String name, Call call) {
    Call.check(name, status -> status < STATUS.length
        ? "CUSOLVER_STATUS_" + STATUS[status] : "cuSOLVER status " + status, call);
  }

  private static long number(String name, CudaDriver.Result call) {
    try (var arena = Arena.ofConfined()) {
      var result = arena.allocate(JAVA_LONG);
      check(name, () -> call.status(result));
      return result.get(JAVA_LONG, 0);
    }
  }

  /** A call that writes two sizes. */
  @FunctionalInterface
  private interface Sizes {
    int status(MemorySegment device, MemorySegment host) throws Throwable;
  }

  private static Workspace sizes(String name, Sizes call) {
    try (var arena = Arena.ofConfined()) {
      var device = arena.allocate(JAVA_LONG);
      var host = arena.allocate(JAVA_LONG);
      check(name + "_bufferSize", () -> call.status(device, host));
      return new Workspace(device.get(JAVA_LONG, 0), host.get(JAVA_LONG, 0));
    }
  }

  /** A new handle in the current context, working in a stream. */
  public static Handle create(long stream) {
    long handle = number("cusolverDnCreate", result -> (int) CREATE.invokeExact(result));
    check("cusolverDnSetStream", () -> (int) SET_STREAM.invokeExact(handle, stream));
    return new Handle(handle, number("cusolverDnCreateParams", result -> (int) CREATE_PARAMS.invokeExact(result)));
  }

  /** Ends a handle. */
  public static void destroy(Handle handle) {
    check("cusolverDnDestroyParams", () -> (int) DESTROY_PARAMS.invokeExact(handle.parameters));
    check("cusolverDnDestroy", () -> (int) DESTROY.invokeExact(handle.address));
  }

  /** What {@link #syevd} wants. */
  public static Workspace syevdWorkspace(Handle h, Real real, Fill fill, long n, long a, long lda, long w) {
    return sizes("cusolverDnXsyevd", (device, host) -> (int) SYEVD_SIZE.invokeExact(h.address, h.parameters, VECTORS,
        fill.ordinal(), n, real.code, a, lda, real.code, w, real.code, device, host));
  }

  /** All eigenpairs of a symmetric A by divide and conquer: vectors in A's columns, values ascending in w. */
  public static void syevd(Handle h, Real real, Fill fill, long n, long a, long lda, long w, Scratch scratch) {
    check("cusolverDnXsyevd", () -> (int) SYEVD.invokeExact(h.address, h.parameters, VECTORS, fill.ordinal(), n,
        real.code, a, lda, real.code, w, real.code, scratch.device, scratch.deviceBytes, scratch.host,
        scratch.host.byteSize(), scratch.info));
  }

  /** What {@link #syevdx} wants. */
  public static Workspace syevdxWorkspace(
      Handle h, Real real, Fill fill, long n, long a, long lda, long first, long last, long w) {
    try (var arena = Arena.ofConfined()) {
      var unused = arena.allocate(JAVA_LONG, 3);
      return sizes("cusolverDnXsyevdx", (device, host) -> (int) SYEVDX_SIZE.invokeExact(h.address, h.parameters,
          VECTORS, BY_INDEX, fill.ordinal(), n, real.code, a, lda, unused, unused.asSlice(8), first, last,
          unused.asSlice(16), real.code, w, real.code, device, host));
    }
  }

  /**
   * Eigenpairs {@code first} to {@code last}, counted from 1, of a symmetric A, which is destroyed: vectors in A's
   * first columns, values ascending in w, which has room for n.
   *
   * @param found one 8-byte integer on the host, how many were found; to be read and freed when the work is done
   */
  public static void syevdx(
      Handle h, Real real, Fill fill, long n, long a, long lda, long first, long last, long w, MemorySegment found,
      Scratch scratch) {
    try (var arena = Arena.ofConfined()) {
      var bounds = arena.allocate(JAVA_LONG, 2);
      check("cusolverDnXsyevdx", () -> (int) SYEVDX.invokeExact(h.address, h.parameters, VECTORS, BY_INDEX,
          fill.ordinal(), n, real.code, a, lda, bounds, bounds.asSlice(8), first, last, found, real.code, w, real.code,
          scratch.device, scratch.deviceBytes, scratch.host, scratch.host.byteSize(), scratch.info));
    }
  }

  /** What {@link #geqrf} wants. */
  public static Workspace geqrfWorkspace(Handle h, Real real, long m, long n, long a, long lda, long tau) {
    return sizes("cusolverDnXgeqrf", (device, host) -> (int) GEQRF_SIZE.invokeExact(h.address, h.parameters, m, n,
        real.code, a, lda, real.code, tau, real.code, device, host));
  }

  /** A = Q R of an m x n matrix: R on and above A's diagonal, the reflections that make Q below it and in tau. */
  public static void geqrf(Handle h, Real real, long m, long n, long a, long lda, long tau, Scratch scratch) {
    check("cusolverDnXgeqrf", () -> (int) GEQRF.invokeExact(h.address, h.parameters, m, n, real.code, a, lda,
        real.code, tau, real.code, scratch.device, scratch.deviceBytes, scratch.host, scratch.host.byteSize(),
        scratch.info));
  }

  /** What {@link #orgqr} wants. */
  public static Workspace orgqrWorkspace(Handle h, Real real, int m, int n, long a, int lda, long tau) {
    String name = "cusolverDn" + (real == Real.DOUBLE ? "D" : "S") + "orgqr_bufferSize";
    try (var arena = Arena.ofConfined()) {
      var elements = arena.allocate(JAVA_INT);
      check(name, () -> (int) ORGQR_SIZE[real.code].invokeExact(h.address, m, n, n, a, lda, tau, elements));
      return new Workspace((long) elements.get(JAVA_INT, 0) * real.bytes, 0);
    }
  }

  /** The first n columns of Q from the reflections of {@link #geqrf}, for m of at least n. */
  public static void orgqr(Handle h, Real real, int m, int n, long a, int lda, long tau, Scratch scratch) {
    String name = "cusolverDn" + (real == Real.DOUBLE ? "D" : "S") + "orgqr";
    int elements = (int) Math.min(Integer.MAX_VALUE, scratch.deviceBytes / real.bytes);
    check(name, () -> (int) ORGQR[real.code].invokeExact(
        h.address, m, n, n, a, lda, tau, scratch.device, elements, scratch.info));
  }

  /** What {@link #potrf} wants. */
  public static Workspace potrfWorkspace(Handle h, Real real, Fill fill, long n, long a, long lda) {
    return sizes("cusolverDnXpotrf", (device, host) -> (int) POTRF_SIZE.invokeExact(
        h.address, h.parameters, fill.ordinal(), n, real.code, a, lda, real.code, device, host));
  }

  /** The Cholesky factor of A in one triangle; {@code info} becomes the order of the first minor not positive. */
  public static void potrf(Handle h, Real real, Fill fill, long n, long a, long lda, Scratch scratch) {
    check("cusolverDnXpotrf", () -> (int) POTRF.invokeExact(h.address, h.parameters, fill.ordinal(), n, real.code, a,
        lda, real.code, scratch.device, scratch.deviceBytes, scratch.host, scratch.host.byteSize(), scratch.info));
  }

  /** What {@link #gesvd} wants. */
  public static Workspace gesvdWorkspace(
      Handle h, Real real, long m, long n, long a, long lda, long s, long u, long ldu, long vt, long ldvt) {
    return sizes("cusolverDnXgesvd", (device, host) -> (int) GESVD_SIZE.invokeExact(h.address, h.parameters, THIN,
        THIN, m, n, real.code, a, lda, real.code, s, real.code, u, ldu, real.code, vt, ldvt, real.code, device, host));
  }

  /** A = U diag(s) Vᵀ for m of at least n, thin; A is destroyed. */
  public static void gesvd(
      Handle h, Real real, long m, long n, long a, long lda, long s, long u, long ldu, long vt, long ldvt,
      Scratch scratch) {
    check("cusolverDnXgesvd", () -> (int) GESVD.invokeExact(h.address, h.parameters, THIN, THIN, m, n, real.code, a,
        lda, real.code, s, real.code, u, ldu, real.code, vt, ldvt, real.code, scratch.device, scratch.deviceBytes,
        scratch.host, scratch.host.byteSize(), scratch.info));
  }
}
