package io.contraspectra.bindings.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.contraspectra.bindings.load.NativeUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Streams, which run their work in order, the events by which one waits for another, and kernels launched into them.
 *
 * <p>Every method needs a current context, throws {@link CudaException} if the call does not succeed, and
 * {@link NativeUnavailableException} without a driver. An error of earlier work on the device shows at a later call.
 */
public final class CudaStreams {
  private static final int NON_BLOCKING = 1;
  private static final int WITHOUT_TIMES = 2;

  private static final MethodHandle STREAM_CREATE = bind("cuStreamCreate", ADDRESS, JAVA_INT);
  private static final MethodHandle STREAM_DESTROY = bind("cuStreamDestroy_v2", JAVA_LONG);
  private static final MethodHandle STREAM_SYNCHRONIZE = bind("cuStreamSynchronize", JAVA_LONG);
  private static final MethodHandle STREAM_WAIT = bind("cuStreamWaitEvent", JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle EVENT_CREATE = bind("cuEventCreate", ADDRESS, JAVA_INT);
  private static final MethodHandle EVENT_RECORD = bind("cuEventRecord", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle EVENT_SYNCHRONIZE = bind("cuEventSynchronize", JAVA_LONG);
  private static final MethodHandle EVENT_DESTROY = bind("cuEventDestroy_v2", JAVA_LONG);
  private static final MethodHandle MODULE_LOAD = bind("cuModuleLoadData", ADDRESS, ADDRESS);
  private static final MethodHandle MODULE_UNLOAD = bind("cuModuleUnload", JAVA_LONG);
  private static final MethodHandle GET_FUNCTION = bind("cuModuleGetFunction", ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle LAUNCH = bind("cuLaunchKernel", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
      JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);

  private CudaStreams() {}

  /**
   * How many threads a kernel runs on.
   *
   * @param gridX blocks across
   * @param gridY blocks down
   * @param blockX threads of a block across
   * @param blockY threads of a block down
   */
  public record Geometry(int gridX, int gridY, int blockX, int blockY) {}

  private static MethodHandle bind(String symbol, MemoryLayout... parameters) {
    return CudaLibrary.DRIVER.bind(symbol, parameters);
  }

  /** A new stream that runs beside all others. */
  public static long create() {
    return CudaDriver.number("cuStreamCreate", result -> (int) STREAM_CREATE.invokeExact(result, NON_BLOCKING));
  }

  /** Ends a stream, once its work is done. */
  public static void destroy(long stream) {
    CudaDriver.check("cuStreamDestroy", () -> (int) STREAM_DESTROY.invokeExact(stream));
  }

  /** Returns when all work of a stream is done. */
  public static void synchronise(long stream) {
    CudaDriver.check("cuStreamSynchronize", () -> (int) STREAM_SYNCHRONIZE.invokeExact(stream));
  }

  /** A new event, which counts as reached until it is {@linkplain #record recorded}. */
  public static long createEvent() {
    return CudaDriver.number("cuEventCreate", result -> (int) EVENT_CREATE.invokeExact(result, WITHOUT_TIMES));
  }

  /** Ends an event. */
  public static void destroyEvent(long event) {
    CudaDriver.check("cuEventDestroy", () -> (int) EVENT_DESTROY.invokeExact(event));
  }

  /** Lets an event stand for the end of all work that a stream has now. */
  public static void record(long event, long stream) {
    CudaDriver.check("cuEventRecord", () -> (int) EVENT_RECORD.invokeExact(event, stream));
  }

  /** Returns when an event is reached. */
  public static void synchroniseEvent(long event) {
    CudaDriver.check("cuEventSynchronize", () -> (int) EVENT_SYNCHRONIZE.invokeExact(event));
  }

  /** Lets later work of a stream start when an event is reached. */
  public static void await(long stream, long event) {
    CudaDriver.check("cuStreamWaitEvent", () -> (int) STREAM_WAIT.invokeExact(stream, event, 0));
  }

  /** Loads a module from an image that {@link Nvrtc} made. */
  public static long loadModule(MemorySegment image) {
    return CudaDriver.number("cuModuleLoadData", result -> (int) MODULE_LOAD.invokeExact(result, image));
  }

  /** Unloads a module; its functions are gone. */
  public static void unloadModule(long module) {
    CudaDriver.check("cuModuleUnload", () -> (int) MODULE_UNLOAD.invokeExact(module));
  }

  /** A kernel of a module. */
  public static long function(long module, String name) {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocateFrom(name);
      return CudaDriver.number("cuModuleGetFunction " + name,
          result -> (int) GET_FUNCTION.invokeExact(result, module, text));
    }
  }

  /**
   * Launches a kernel in the order of a stream.
   *
   * @param name the kernel's, for errors
   * @param parameters one pointer to each argument, which is read before this returns
   */
  public static void launch(long function, String name, Geometry geometry, long stream, MemorySegment parameters) {
    CudaDriver.check("cuLaunchKernel " + name, () -> (int) LAUNCH.invokeExact(function, geometry.gridX, geometry.gridY,
        1, geometry.blockX, geometry.blockY, 1, 0, stream, parameters, MemorySegment.NULL));
  }
}
