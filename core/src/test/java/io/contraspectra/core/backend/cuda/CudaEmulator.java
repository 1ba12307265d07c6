package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaLibrary;
import io.contraspectra.bindings.load.Attempt;
import io.contraspectra.bindings.load.Platform;
import io.contraspectra.bindings.openblas.OpenBlas;
import io.contraspectra.core.backend.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.opentest4j.TestAbortedException;

/**
 * The device that the CUDA backend is tested on: a library in C++ that stands in for NVIDIA's, compiled here once for
 * each state of its source. Where there is no C++ compiler, tests are skipped with the reason.
 */
public final class CudaEmulator {

  /** Names the system property that, if true, makes tests run on this machine's own device. */
  public static final String REAL_PROPERTY = "contraspectra.test.cuda";

  private static final Path SOURCES = Path.of("..", "core", "src", "test", "native", "cuda-emulator");
  private static final List<String> COMPILERS = List.of("g++", "c++", "clang++");
  private static final List<String> NAMES =
      List.of("libcuda.so.1", "libcublas.so.13", "libcusolver.so.12", "libnvrtc.so.13");

  private CudaEmulator() {}

  private static final class Holder {
    static final Optional<Path> FOLDER = build();
    static final boolean LOADED = FOLDER.isPresent() && load(FOLDER.get());
  }

  /** A new engine on the emulated device, or on the real one where the property {@value #REAL_PROPERTY} is true. */
  public static Engine engine() {
    if (!Boolean.getBoolean(REAL_PROPERTY)) {
      requireLoaded();
    }
    return new CudaEngine(3);
  }

  /**
   * The folder that holds the emulated libraries.
   *
   * @throws TestAbortedException if they cannot be compiled here
   */
  public static Path folder() {
    return Holder.FOLDER.orElseThrow(() -> new TestAbortedException(
        "the emulated CUDA device needs Linux, its sources and a C++ compiler; looked for " + COMPILERS));
  }

  /** Loads the emulated libraries into this JVM, for good. */
  public static void requireLoaded() {
    if (Boolean.getBoolean(REAL_PROPERTY)) {
      throw new TestAbortedException("this test is for the emulated device");
    }
    folder();
    if (!Holder.LOADED) {
      throw new TestAbortedException("NVIDIA's own libraries are loaded already");
    }
  }

  /** Contexts, blocks, streams, events, modules and handles that are alive on the emulated device; 0 on a real one. */
  @SuppressWarnings("restricted")
  public static long live() {
    if (Boolean.getBoolean(REAL_PROPERTY)) {
      return 0;
    }
    requireLoaded();
    try {
      var symbol = SymbolLookup.libraryLookup(folder().resolve(NAMES.getFirst()), Arena.global())
          .findOrThrow("emulatorLive");
      var live = Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.JAVA_LONG));
      return (long) live.invokeExact();
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /**
   * Makes the emulated device another one for as long as the value is open: the emulator reads its environment anew
   * whenever it is asked for a figure.
   */
  @SuppressWarnings("restricted")
  static Pretence pretend(String variable, String value) {
    if (Boolean.getBoolean(REAL_PROPERTY)) {
      return () -> {}; // it is what it is
    }
    requireLoaded();
    try (var arena = Arena.ofConfined()) {
      var set = Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("setenv"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
      int status = (int) set.invokeExact(arena.allocateFrom(variable), arena.allocateFrom(value), 1);
      if (status != 0) {
        throw new AssertionError("setenv " + status);
      }
      return () -> unset(variable);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  @SuppressWarnings("restricted")
  private static void unset(String variable) {
    try (var arena = Arena.ofConfined()) {
      var unset = Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("unsetenv"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      int status = (int) unset.invokeExact(arena.allocateFrom(variable));
      if (status != 0) {
        throw new AssertionError("unsetenv " + status);
      }
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** Another device, until it is closed. */
  interface Pretence extends AutoCloseable {
    @Override
    void close();
  }

  // What is loaded once stays loaded, so the properties are there for a moment only.
  private static boolean load(Path folder) {
    System.setProperty(CudaLibrary.DRIVER_PROPERTY, folder.toString());
    System.setProperty(CudaLibrary.HOME_PROPERTY, folder.toString());
    try {
      for (CudaLibrary library : CudaLibrary.values()) {
        library.require();
      }
      return CudaLibrary.DRIVER.attempts().getLast().location().startsWith(folder.toString());
    } finally {
      System.clearProperty(CudaLibrary.DRIVER_PROPERTY);
      System.clearProperty(CudaLibrary.HOME_PROPERTY);
    }
  }

  private static Optional<Path> build() {
    if (Platform.current().system() != Platform.OperatingSystem.LINUX || !Files.isDirectory(SOURCES)) {
      return Optional.empty();
    }
    return compiler().map(CudaEmulator::build);
  }

  private static Optional<String> compiler() {
    return COMPILERS.stream().filter(CudaEmulator::runs).findFirst();
  }

  /** Compiles a shared library; only where there is an {@linkplain #folder() emulated device}. */
  static void compile(List<Path> sources, Path library) throws IOException {
    compile(compiler().orElseThrow(), sources, library);
  }

  private static Path build(String compiler) {
    try {
      Path folder = Path.of("target", "cuda-emulator-" + fingerprint()).toAbsolutePath();
      Path library = folder.resolve("libemulator.so");
      if (!Files.exists(library)) {
        Files.createDirectories(folder);
        for (Path source : sources(".h")) {
          Files.copy(source, folder.resolve(source.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        Path part = Files.createTempFile(folder, "libemulator", ".part");
        compile(compiler, sources(".cpp"), part);
        for (String name : NAMES) {
          Files.deleteIfExists(folder.resolve(name));
          Files.createSymbolicLink(folder.resolve(name), library.getFileName());
        }
        Files.move(part, library);
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compile(String compiler, List<Path> sources, Path library) throws IOException {
    var command = new ArrayList<>(List.of(compiler, "-std=c++17", "-O2", "-fPIC", "-shared", "-Wall", "-Werror",
        "-DCXX=\"" + compiler + "\"", "-DLAPACK_PATH=\"" + lapack() + "\"", "-o", library.toString()));
    sources.forEach(source -> command.add(source.toString()));
    command.add("-ldl");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.onExit().join().exitValue() != 0) {
      throw new AssertionError("the emulated device does not compile:\n" + output);
    }
  }

  private static String lapack() {
    OpenBlas.load();
    return OpenBlas.report().stream().filter(attempt -> attempt.outcome() == Attempt.Outcome.LOADED)
        .map(Attempt::location).findFirst().orElseThrow();
  }

  private static String fingerprint() throws IOException {
    var checksum = new CRC32();
    for (Path source : sources("")) {
      checksum.update(Files.readAllBytes(source));
    }
    checksum.update(lapack().getBytes());
    return Long.toHexString(checksum.getValue());
  }

  private static List<Path> sources(String ending) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static boolean runs(String compiler) {
    try {
      Process process = new ProcessBuilder(compiler, "--version").redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
