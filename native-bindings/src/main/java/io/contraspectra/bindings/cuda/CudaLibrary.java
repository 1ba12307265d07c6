package io.contraspectra.bindings.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.contraspectra.bindings.load.Attempt;
import io.contraspectra.bindings.load.BundledFamily;
import io.contraspectra.bindings.load.LibraryHome;
import io.contraspectra.bindings.load.LibrarySource;
import io.contraspectra.bindings.load.NativeLibrary;
import io.contraspectra.bindings.load.NativeUnavailableException;
import io.contraspectra.bindings.load.PathProperty;
import io.contraspectra.bindings.load.Platform;
import io.contraspectra.bindings.load.SystemNames;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The libraries behind a GPU, each looked for once, at first use. The driver comes with the system; the others from the
 * folder that the user names, {@code CUDA_HOME} or {@code CUDA_PATH}, JavaCPP's redistributable jar, or the system's
 * names. All of them must be of CUDA 12 or 13, and none newer than the driver. Safe for use by any thread.
 */
@SuppressWarnings("restricted") // a library is asked for its version before it is accepted
public enum CudaLibrary {
  /** The driver. */
  DRIVER("CUDA driver", List.of("libcuda.so.1"), "nvcuda.dll", List.of(), "cuDriverGetVersion"),
  /** Matrix products. */
  CUBLAS("cuBLAS", List.of("libcublas.so.13", "libcublas.so.12"), "cublas64_%d.dll",
      List.of("libcublasLt.so.13", "libcublasLt.so.12"), "cublasDgemm_v2_64"),
  /** Factorisations. */
  CUSOLVER("cuSOLVER", List.of("libcusolver.so.12", "libcusolver.so.11"), "cusolver64_%d.dll",
      List.of("libnvJitLink.so.13", "libnvJitLink.so.12", "libcublasLt.so.13", "libcublasLt.so.12", "libcublas.so.13",
          "libcublas.so.12", "libcusparse.so.12"), "cusolverDnXsyevdx"),
  /** The run-time compiler. */
  NVRTC("NVRTC", List.of("libnvrtc.so.13", "libnvrtc.so.12"), "nvrtc64_%d0_0.dll",
      List.of("libnvrtc-builtins.so.*"), "nvrtcGetCUBIN");

  /** Names the system property that holds the folder of a toolkit, or of NVIDIA's Python wheels. Once set, it binds. */
  public static final String HOME_PROPERTY = "contraspectra.cuda.home";

  /** Names the system property that holds the driver's library or its folder. Once set, it binds. */
  public static final String DRIVER_PROPERTY = "contraspectra.cuda.driver";

  private static final int OLDEST = 12;
  private static final int NEWEST = 13;
  // Each after those that it needs.
  private static final List<String> FAMILY = List.of("libnvJitLink.so.12", "libnvJitLink.so.13", "libcublasLt.so.12",
      "libcublasLt.so.13", "libcublas.so.12", "libcublas.so.13", "libcusparse.so.12", "libcusolver.so.11",
      "libcusolver.so.12", "libnvrtc-builtins.so.12.6", "libnvrtc.so.12", "libnvrtc-builtins.so.13.0",
      "libnvrtc.so.13");

  private final String title;
  private final List<String> fileNames;
  private final String windowsName;
  private final List<String> companions;
  private final String needed;
  private @Nullable NativeLibrary found;
  private String version = "";

  CudaLibrary(String title, List<String> fileNames, String windowsName, List<String> companions, String needed) {
    this.title = title;
    this.fileNames = fileNames;
    this.windowsName = windowsName;
    this.companions = companions;
    this.needed = needed;
  }

  /** What people call it. */
  public String title() {
    return title;
  }

  /**
   * Opens the library and links all its routines, or says again how that failed.
   *
   * @throws NativeUnavailableException if there is none, or it lacks a routine; every call repeats the same text
   */
  public void require() {
    found().require();
    for (Class<?> routines : routines()) {
      try {
        MethodHandles.lookup().ensureInitialized(routines);
      } catch (IllegalAccessException e) {
        throw new AssertionError(e); // it is of this package
      }
    }
    found().requireSymbols();
  }

  /** The classes that hold its routines. */
  private List<Class<?>> routines() {
    return switch (this) {
      case DRIVER -> List.of(CudaDriver.class, CudaStreams.class);
      case CUBLAS -> List.of(Cublas.class);
      case CUSOLVER -> List.of(Cusolver.class);
      case NVRTC -> List.of(Nvrtc.class);
    };
  }

  /** Everything tried, in order, whether it ended well or not. */
  public List<Attempt> attempts() {
    return found().attempts();
  }

  /** Whether it was found and is in use. */
  public boolean isLoaded() {
    return found().isLoaded();
  }

  /** The version, e.g. {@code 13.0}; empty if there is no such library. */
  public String version() {
    found();
    return version;
  }

  /** Links a routine that returns a status; one that cannot be had becomes a handle that throws the reason. */
  MethodHandle bind(String symbol, MemoryLayout... parameters) {
    return found().bind(symbol, Call.signature(parameters));
  }

  /** Links any routine. */
  MethodHandle bind(String symbol, FunctionDescriptor descriptor) {
    return found().bind(symbol, descriptor);
  }

  private synchronized NativeLibrary found() {
    if (found == null) {
      found = NativeLibrary.load(title, sources(), this::objection, remedy());
    }
    return found;
  }

  private List<LibrarySource> sources() {
    List<String> names = names();
    if (this == DRIVER) {
      return List.of(new PathProperty(DRIVER_PROPERTY, names), new SystemNames(names));
    }
    return List.of(
        LibraryHome.property(HOME_PROPERTY, names, companions),
        LibraryHome.variable("CUDA_HOME", names, companions),
        LibraryHome.variable("CUDA_PATH", names, companions),
        new BundledFamily("cuda", "org/bytedeco/cuda/" + Platform.current().classifier(), FAMILY, names),
        new SystemNames(names));
  }

  private List<String> names() {
    if (Platform.current().system() != Platform.OperatingSystem.WINDOWS) {
      return fileNames;
    }
    return fileNames.stream().map(name -> windowsName.formatted(ending(name))).toList();
  }

  private static int ending(String fileName) {
    return Integer.parseInt(fileName.substring(fileName.lastIndexOf('.') + 1));
  }

  private String remedy() {
    return this == DRIVER
        ? "install NVIDIA's driver (CUDA 12.0 or newer), or compute on the processors with --backend cpu"
        : "point -D" + HOME_PROPERTY + " to a CUDA 12 or 13 toolkit, or to the folder of NVIDIA's Python wheels, or"
            + " put the jar org.bytedeco:cuda with classifier " + Platform.current().classifier()
            + "-redist on the class path";
  }

  private Optional<String> objection(SymbolLookup symbols) {
    if (symbols.find(needed).isEmpty()) {
      return Optional.of("too old, or not " + title + ": it has no " + needed + "; CUDA 12 or 13 is needed");
    }
    int[] release = release(symbols);
    version = release[0] + "." + release[1];
    if (release[0] < OLDEST) {
      return Optional.of("too old: " + title + " of CUDA " + version + ", and 12.0 or newer is needed");
    }
    if (this == DRIVER) {
      return Optional.empty();
    }
    if (release[0] > NEWEST) {
      return Optional.of("too new: " + title + " of CUDA " + version + ", and 12 or 13 is needed");
    }
    if (DRIVER.isLoaded() && release[0] > major(DRIVER)) {
      return Optional.of(title + " of CUDA " + version + " needs a newer driver: this one supports CUDA "
          + DRIVER.version + " at most; take libraries of CUDA 12, or update the driver");
    }
    // cuSOLVER brings the cuBLAS that it was built with, and two of them in one process are not supported.
    return this == CUSOLVER && CUBLAS.isLoaded() && release[0] != major(CUBLAS)
        ? Optional.of(title + " of CUDA " + release[0] + " does not belong to the cuBLAS that is loaded, of CUDA "
            + CUBLAS.version + "; take both of one CUDA")
        : Optional.empty();
  }

  private static int major(CudaLibrary library) {
    return Integer.parseInt(library.version.substring(0, library.version.indexOf('.')));
  }

  /** Release of CUDA that the library belongs to. */
  private int[] release(SymbolLookup symbols) {
    return switch (this) {
      case DRIVER -> {
        int number = query(symbols, "cuDriverGetVersion", -1);
        yield new int[] {number / 1000, number % 1000 / 10};
      }
      case CUBLAS -> new int[] {query(symbols, "cublasGetProperty", 0), query(symbols, "cublasGetProperty", 1)};
      // cuSOLVER counts from one less.
      case CUSOLVER ->
          new int[] {query(symbols, "cusolverGetProperty", 0) + 1, query(symbols, "cusolverGetProperty", 1)};
      case NVRTC -> {
        try (var arena = Arena.ofConfined()) {
          MemorySegment numbers = arena.allocate(JAVA_INT, 2);
          MethodHandle handle = link(symbols, "nvrtcVersion", ADDRESS, ADDRESS);
          Call.plain("nvrtcVersion", () -> (int) handle.invokeExact(numbers, numbers.asSlice(Integer.BYTES)));
          yield numbers.toArray(JAVA_INT);
        }
      }
    };
  }

  private static int query(SymbolLookup symbols, String name, int property) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(JAVA_INT);
      if (property < 0) {
        MethodHandle handle = link(symbols, name, ADDRESS);
        Call.plain(name, () -> (int) handle.invokeExact(number));
      } else {
        MethodHandle handle = link(symbols, name, JAVA_INT, ADDRESS);
        Call.plain(name, () -> (int) handle.invokeExact(property, number));
      }
      return number.get(JAVA_INT, 0);
    }
  }

  private static MethodHandle link(SymbolLookup symbols, String name, MemoryLayout... parameters) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), Call.signature(parameters));
  }
}
