package io.contraspectra.bindings.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.contraspectra.bindings.load.NativeUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;

/**
 * Compiles CUDA C at run time. Needs no device and no context; safe from any thread.
 *
 * <p>Every method throws {@link CudaException} if the call does not succeed, and {@link NativeUnavailableException}
 * without the library.
 */
public final class Nvrtc {
  private static final MethodHandle ERROR_STRING = CudaLibrary.NVRTC.bind("nvrtcGetErrorString",
      FunctionDescriptor.of(ADDRESS, JAVA_INT));
  private static final MethodHandle ARCHS_COUNT = bind("nvrtcGetNumSupportedArchs", ADDRESS);
  private static final MethodHandle ARCHS = bind("nvrtcGetSupportedArchs", ADDRESS);
  private static final MethodHandle CREATE =
      bind("nvrtcCreateProgram", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle DESTROY = bind("nvrtcDestroyProgram", ADDRESS);
  private static final MethodHandle COMPILE = bind("nvrtcCompileProgram", JAVA_LONG, JAVA_INT, ADDRESS);
  private static final MethodHandle LOG_SIZE = bind("nvrtcGetProgramLogSize", JAVA_LONG, ADDRESS);
  private static final MethodHandle LOG = bind("nvrtcGetProgramLog", JAVA_LONG, ADDRESS);
  private static final MethodHandle CUBIN_SIZE = bind("nvrtcGetCUBINSize", JAVA_LONG, ADDRESS);
  private static final MethodHandle CUBIN = bind("nvrtcGetCUBIN", JAVA_LONG, ADDRESS);
  private static final MethodHandle PTX_SIZE = bind("nvrtcGetPTXSize", JAVA_LONG, ADDRESS);
  private static final MethodHandle PTX = bind("nvrtcGetPTX", JAVA_LONG, ADDRESS);

  private Nvrtc() {}

  private static MethodHandle bind(String symbol, MemoryLayout... parameters) {
    return CudaLibrary.NVRTC.bind(symbol, parameters);
  }

  private static void check(String name, Call call) {
    Call.check(name, Nvrtc::statusName, call);
  }

  private static String statusName(int status) {
    try {
      return Call.text((MemorySegment) ERROR_STRING.invokeExact(status));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** The architectures that it compiles for, ascending, e.g. 75 for {@code sm_75}. */
  public static List<Integer> architectures() {
    try (var arena = Arena.ofConfined()) {
      var count = arena.allocate(JAVA_INT);
      check("nvrtcGetNumSupportedArchs", () -> (int) ARCHS_COUNT.invokeExact(count));
      var numbers = arena.allocate(JAVA_INT, Math.max(1, count.get(JAVA_INT, 0)));
      check("nvrtcGetSupportedArchs", () -> (int) ARCHS.invokeExact(numbers));
      return Arrays.stream(numbers.toArray(JAVA_INT)).limit(count.get(JAVA_INT, 0)).sorted().boxed().toList();
    }
  }

  /**
   * Compiles a source that includes nothing.
   *
   * @param name its name in messages
   * @param architecture {@code sm_90} for machine code of one device, {@code compute_90} for code that the driver
   *     translates
   * @param options further options
   * @return what {@link CudaStreams#loadModule} takes
   * @throws CudaException with the compiler's messages if the source has errors
   */
  public static byte[] compile(String name, String source, String architecture, List<String> options) {
    try (var arena = Arena.ofConfined()) {
      var handle = arena.allocate(JAVA_LONG);
      var text = arena.allocateFrom(source);
      var title = arena.allocateFrom(name);
      check("nvrtcCreateProgram", () -> (int) CREATE.invokeExact(
          handle, text, title, 0, MemorySegment.NULL, MemorySegment.NULL));
      try {
        long program = handle.get(JAVA_LONG, 0);
        compile(program, architecture, options, arena);
        return architecture.startsWith("sm_")
            ? result(program, "nvrtcGetCUBIN", CUBIN_SIZE, CUBIN, arena)
            : result(program, "nvrtcGetPTX", PTX_SIZE, PTX, arena);
      } finally {
        check("nvrtcDestroyProgram", () -> (int) DESTROY.invokeExact(handle));
      }
    }
  }

  private static void compile(long program, String architecture, List<String> options, Arena arena) {
    var pointers = arena.allocate(ADDRESS, options.size() + 1);
    pointers.setAtIndex(ADDRESS, 0, arena.allocateFrom("--gpu-architecture=" + architecture));
    for (int i = 0; i < options.size(); i++) {
      pointers.setAtIndex(ADDRESS, i + 1, arena.allocateFrom(options.get(i)));
    }
    int status = Call.plain("nvrtcCompileProgram",
        () -> (int) COMPILE.invokeExact(program, options.size() + 1, pointers));
    if (status != 0) {
      var log = new String(result(program, "nvrtcGetProgramLog", LOG_SIZE, LOG, arena)).replace("\0", "").strip();
      throw new CudaException("nvrtcCompileProgram", statusName(status), log);
    }
  }

  private static byte[] result(long program, String name, MethodHandle size, MethodHandle get, Arena arena) {
    var bytes = arena.allocate(JAVA_LONG);
    check(name + "Size", () -> (int) size.invokeExact(program, bytes));
    var result = arena.allocate(Math.max(1, bytes.get(JAVA_LONG, 0)));
    check(name, () -> (int) get.invokeExact(program, result));
    return result.toArray(JAVA_BYTE);
  }
}
