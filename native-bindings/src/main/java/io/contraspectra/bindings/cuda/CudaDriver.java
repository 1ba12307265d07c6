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
 * Devices, their primary contexts and their memory.
 *
 * <p>Every method throws {@link CudaException} if the call does not succeed, and {@link NativeUnavailableException}
 * without a driver. What concerns memory needs a current context.
 */
public final class CudaDriver {
  private static final MethodHandle INIT = bind("cuInit", JAVA_INT);
  private static final MethodHandle GET_ERROR_NAME = bind("cuGetErrorName", JAVA_INT, ADDRESS);
  private static final MethodHandle DEVICE_GET_COUNT = bind("cuDeviceGetCount", ADDRESS);
  private static final MethodHandle DEVICE_GET = bind("cuDeviceGet", ADDRESS, JAVA_INT);
  private static final MethodHandle DEVICE_GET_NAME = bind("cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle DEVICE_GET_ATTRIBUTE =
      bind("cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle DEVICE_TOTAL_MEM = bind("cuDeviceTotalMem_v2", ADDRESS, JAVA_INT);
  private static final MethodHandle PRIMARY_RETAIN = bind("cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT);
  private static final MethodHandle PRIMARY_RELEASE = bind("cuDevicePrimaryCtxRelease_v2", JAVA_INT);
  private static final MethodHandle CTX_SET_CURRENT = bind("cuCtxSetCurrent", JAVA_LONG);
  private static final MethodHandle MEM_GET_INFO = bind("cuMemGetInfo_v2", ADDRESS, ADDRESS);
  private static final MethodHandle MEM_ALLOC = bind("cuMemAlloc_v2", ADDRESS, JAVA_LONG);
  private static final MethodHandle MEM_FREE = bind("cuMemFree_v2", JAVA_LONG);
  private static final MethodHandle MEM_HOST_ALLOC = bind("cuMemHostAlloc", ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle MEM_FREE_HOST = bind("cuMemFreeHost", ADDRESS);
  private static final MethodHandle COPY_IN = bind("cuMemcpyHtoD_v2", JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final MethodHandle COPY_OUT = bind("cuMemcpyDtoH_v2", ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle COPY_IN_ASYNC =
      bind("cuMemcpyHtoDAsync_v2", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle COPY_OUT_ASYNC =
      bind("cuMemcpyDtoHAsync_v2", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle COPY_ASYNC =
      bind("cuMemcpyDtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SET_ASYNC = bind("cuMemsetD8Async", JAVA_LONG, JAVA_BYTE, JAVA_LONG, JAVA_LONG);

  private CudaDriver() {}

  /** What a device is asked for, with the driver's number. */
  public enum Attribute {
    /** Multiprocessors. */
    MULTIPROCESSORS(16),
    /** First figure of the compute capability. */
    CAPABILITY_MAJOR(75),
    /** Second figure of the compute capability. */
    CAPABILITY_MINOR(76),
    /** How many times faster 4-byte arithmetic is than 8-byte arithmetic. */
    SINGLE_TO_DOUBLE_RATIO(87);

    private final int number;

    Attribute(int number) {
      this.number = number;
    }
  }

  /**
   * Memory of a device.
   *
   * @param free bytes that nobody has taken
   * @param total bytes that there are
   */
  public record MemoryInfo(long free, long total) {}

  private static MethodHandle bind(String symbol, MemoryLayout... parameters) {
    return CudaLibrary.DRIVER.bind(symbol, parameters);
  }

  static void check(String name, Call call) {
    Call.check(name, CudaDriver::statusName, call);
  }

  private static String statusName(int status) {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocate(ADDRESS);
      int known = Call.plain("cuGetErrorName", () -> (int) GET_ERROR_NAME.invokeExact(status, text));
      return known == 0 ? Call.text(text.get(ADDRESS, 0)) : "CUDA error " + status;
    }
  }

  /** A call that writes one integer. */
  private static int integer(String name, Result call) {
    try (var arena = Arena.ofConfined()) {
      var result = arena.allocate(JAVA_INT);
      check(name, () -> call.status(result));
      return result.get(JAVA_INT, 0);
    }
  }

  /** A call that writes one address, handle or size. */
  static long number(String name, Result call) {
    try (var arena = Arena.ofConfined()) {
      var result = arena.allocate(JAVA_LONG);
      check(name, () -> call.status(result));
      return result.get(JAVA_LONG, 0);
    }
  }

  /** A downcall that writes one result and returns a status. */
  @FunctionalInterface
  interface Result {
    int status(MemorySegment result) throws Throwable;
  }

  /** Starts the driver; every other call needs that, and it may be repeated. */
  public static void initialise() {
    check("cuInit", () -> (int) INIT.invokeExact(0));
  }

  /** Number of devices. */
  public static int deviceCount() {
    return integer("cuDeviceGetCount", result -> (int) DEVICE_GET_COUNT.invokeExact(result));
  }

  /** The device of an ordinal number. */
  public static int device(int ordinal) {
    return integer("cuDeviceGet", result -> (int) DEVICE_GET.invokeExact(result, ordinal));
  }

  /** What the maker calls a device. */
  public static String deviceName(int device) {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocate(256);
      check("cuDeviceGetName", () -> (int) DEVICE_GET_NAME.invokeExact(name, (int) name.byteSize(), device));
      return name.getString(0);
    }
  }

  /** A figure of a device. */
  public static int attribute(Attribute attribute, int device) {
    return integer("cuDeviceGetAttribute",
        result -> (int) DEVICE_GET_ATTRIBUTE.invokeExact(result, attribute.number, device));
  }

  /** Bytes of a device's memory. */
  public static long totalMemory(int device) {
    return number("cuDeviceTotalMem", result -> (int) DEVICE_TOTAL_MEM.invokeExact(result, device));
  }

  /** The context that all libraries share on a device, to be {@linkplain #releasePrimary released}. */
  public static long retainPrimary(int device) {
    return number("cuDevicePrimaryCtxRetain", result -> (int) PRIMARY_RETAIN.invokeExact(result, device));
  }

  /** Gives a primary context back; the last to do so destroys it. */
  public static void releasePrimary(int device) {
    check("cuDevicePrimaryCtxRelease", () -> (int) PRIMARY_RELEASE.invokeExact(device));
  }

  /** Makes a context the one that calls of this platform thread work in. */
  public static void setCurrent(long context) {
    check("cuCtxSetCurrent", () -> (int) CTX_SET_CURRENT.invokeExact(context));
  }

  /** The memory of the current context's device. */
  public static MemoryInfo memory() {
    try (var arena = Arena.ofConfined()) {
      var free = arena.allocate(JAVA_LONG);
      var total = arena.allocate(JAVA_LONG);
      check("cuMemGetInfo", () -> (int) MEM_GET_INFO.invokeExact(free, total));
      return new MemoryInfo(free.get(JAVA_LONG, 0), total.get(JAVA_LONG, 0));
    }
  }

  /** The address of that many new bytes, at least 1, aligned to 256. */
  public static long allocate(long bytes) {
    return number("cuMemAlloc", result -> (int) MEM_ALLOC.invokeExact(result, bytes));
  }

  /** Gives device memory back; waits for the device. */
  public static void free(long address) {
    check("cuMemFree", () -> (int) MEM_FREE.invokeExact(address));
  }

  /** Host memory that the device reads and writes without a detour; to be {@linkplain #freeHost freed}. */
  @SuppressWarnings("restricted")
  public static MemorySegment allocateHost(long bytes) {
    long address = number("cuMemHostAlloc", result -> (int) MEM_HOST_ALLOC.invokeExact(result, bytes, 0));
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /** Gives memory of {@link #allocateHost} back. */
  public static void freeHost(MemorySegment memory) {
    check("cuMemFreeHost", () -> (int) MEM_FREE_HOST.invokeExact(memory));
  }

  /** Copies to the device, and returns when that is done. */
  public static void copyIn(MemorySegment from, long to) {
    check("cuMemcpyHtoD", () -> (int) COPY_IN.invokeExact(to, from, from.byteSize()));
  }

  /** Copies from the device, and returns when that is done. */
  public static void copyOut(long from, MemorySegment to) {
    check("cuMemcpyDtoH", () -> (int) COPY_OUT.invokeExact(to, from, to.byteSize()));
  }

  /** Copies to the device in the order of a stream; the caller keeps {@code from} until then. */
  public static void copyIn(MemorySegment from, long to, long stream) {
    check("cuMemcpyHtoDAsync", () -> (int) COPY_IN_ASYNC.invokeExact(to, from, from.byteSize(), stream));
  }

  /** Copies from the device in the order of a stream; the caller keeps {@code to} until then. */
  public static void copyOut(long from, MemorySegment to, long stream) {
    check("cuMemcpyDtoHAsync", () -> (int) COPY_OUT_ASYNC.invokeExact(to, from, to.byteSize(), stream));
  }

  /** Copies on the device in the order of a stream; the ranges must not overlap. */
  public static void copy(long from, long to, long bytes, long stream) {
    check("cuMemcpyDtoDAsync", () -> (int) COPY_ASYNC.invokeExact(to, from, bytes, stream));
  }

  /** Sets bytes on the device in the order of a stream. */
  public static void set(long address, byte value, long bytes, long stream) {
    check("cuMemsetD8Async", () -> (int) SET_ASYNC.invokeExact(address, value, bytes, stream));
  }
}
