package io.contraspectra.core.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.bindings.cuda.CudaLibrary;
import io.contraspectra.bindings.load.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every reason for which there may be no CUDA backend, each in a JVM of its own: what is loaded stays loaded. */
@Timeout(120)
class CudaUnavailableTest {

  private static final String UNAVAILABLE = "backend 'cuda' is unavailable: ";

  @TempDir Path temporary;

  private final List<Path> links = new ArrayList<>();

  @Test
  void emulatedDeviceIsThere() throws IOException {
    String output = onEmulator(Map.of());
    assertTrue(output.startsWith("norm 5.47722557505166"), output);
    assertTrue(output.contains("on cuda: Emulated Device"), output);
    assertTrue(output.contains("report cuda-driver: CUDA 13.0, Emulated Device (compute capability 7.5, 1024 MiB)"),
        output);
    assertTrue(output.contains("report cublas: CUDA 13.0") && output.contains("report cusolver: CUDA 13.0")
        && output.contains("report nvrtc: CUDA 13.99"), output);
  }

  @Test
  void noDriver() throws IOException {
    String output = output(Map.of(), "-D" + CudaLibrary.DRIVER_PROPERTY + "=" + temporary);
    assertTrue(output.startsWith(UNAVAILABLE + "cannot load CUDA driver; tried:\n  - system property contraspectra.cuda"
        + ".driver: " + temporary + " holds none of libcuda.so.1\nremedy: install NVIDIA's driver"), output);
  }

  @Test
  void noDevice() throws IOException {
    String output = onEmulator(Map.of("EMULATED_DEVICES", "0"));
    assertTrue(output.startsWith(UNAVAILABLE + "the driver does not start: cuInit: CUDA_ERROR_NO_DEVICE; this machine"
        + " has no NVIDIA GPU"), output);
  }

  @Test
  void driverThatDoesNotStart() throws IOException {
    assertTrue(onEmulator(Map.of("EMULATED_INIT", "803")).startsWith(UNAVAILABLE + "the driver does not start: cuInit:"
        + " CUDA_ERROR_SYSTEM_DRIVER_MISMATCH; the driver's library and its kernel module are of different versions"));
    assertTrue(onEmulator(Map.of("EMULATED_INIT", "34")).contains("CUDA_ERROR_STUB_LIBRARY; this is the stub"));
    assertTrue(onEmulator(Map.of("EMULATED_INIT", "999")).contains("cuInit: CUDA error 999\n"));
  }

  @Test
  void deviceThatOthersHold() throws IOException {
    assertTrue(onEmulator(Map.of("EMULATED_CONTEXT", "46")).startsWith(UNAVAILABLE + "device 0 gives no context:"
        + " cuDevicePrimaryCtxRetain: CUDA_ERROR_DEVICE_UNAVAILABLE; another process has the device for itself"));
    assertTrue(onEmulator(Map.of("EMULATED_CONTEXT", "2")).contains("; other processes have all its memory"));
  }

  @Test
  void deviceThatRefusesTheKernels() throws IOException {
    String output = onEmulator(Map.of("EMULATED_MODULE", "222"));
    assertTrue(output.startsWith(UNAVAILABLE + "cuModuleLoadData: CUDA_ERROR_UNSUPPORTED_PTX_VERSION"), output);
  }

  @Test
  void libraryWithoutARoutineIsRefusedAtOnce() throws IOException {
    linkAll("libcublas.so.13", "libnvrtc.so.13");
    compile("libcusolver.so.12", """
        extern "C" int cusolverGetProperty(int property, int* value) { *value = property == 0 ? 12 : 0; return 0; }
        extern "C" int cusolverDnXsyevdx() { return 0; }
        """);
    String output = withHome(temporary);
    assertTrue(output.startsWith(UNAVAILABLE + "no symbol cusolverDnCreate, "), output);
    assertTrue(output.contains(" in cuSOLVER (" + temporary.resolve("libcusolver.so.12") + ")\nremedy: "), output);
  }

  @Test
  void librariesOfTwoCudasAreNotMixed() throws IOException {
    linkAll("libcublas.so.13", "libnvrtc.so.13");
    compile("libcusolver.so.11", """
        extern "C" int cusolverGetProperty(int property, int* value) { *value = property == 0 ? 11 : 6; return 0; }
        extern "C" int cusolverDnXsyevdx() { return 0; }
        """);
    String output = withHome(temporary);
    assertTrue(output.contains("cuSOLVER of CUDA 12 does not belong to the cuBLAS that is loaded, of CUDA 13.0"), output);
  }

  @Test
  void olderLibraryBesideATooNewOneIsTaken() throws IOException {
    linkAll("libcublas.so.13", "libcusolver.so.12", "libnvrtc.so.13");
    compile("libcublas.so.12", """
        extern "C" int cublasGetProperty(int property, int* value) { *value = property == 0 ? 12 : 4; return 0; }
        extern "C" int cublasDgemm_v2_64() { return 0; }
        """);
    String output = output(Map.of("EMULATED_DRIVER", "12040"), driver(), home(temporary));
    assertTrue(output.contains("report cublas: CUDA 12.4"), output);
  }

  /** As JavaCPP's jar has them, and extracted together. */
  @Test
  void librariesOfAJarAreTaken() throws IOException {
    Path folder = Files.createDirectories(
        temporary.resolve("jar/org/bytedeco/cuda/" + Platform.current().classifier()));
    Files.copy(compile("libcublas.so.12", """
        extern "C" int cublasGetProperty(int property, int* value) { *value = property == 0 ? 12 : 6; return 0; }
        extern "C" int cublasDgemm_v2_64() { return 0; }
        """), folder.resolve("libcublas.so.12"));
    Files.copy(compile("libcublasLt.so.12", "int nothing;"), folder.resolve("libcublasLt.so.12"));
    Path cache = temporary.resolve("cache");
    String output = output(Map.of(), driver(), "-Xbootclasspath/a:" + temporary.resolve("jar"),
        "-Dcontraspectra.cache=" + cache);
    assertTrue(output.contains("report cublas: CUDA 12.6 from bundled jar"), output);
    try (Stream<Path> extracted = Files.walk(cache)) {
      assertTrue(extracted.anyMatch(file -> file.endsWith("libcublasLt.so.12")), "what it needs lies beside it");
    }
  }

  @Test
  void driverTooOld() throws IOException {
    String output = onEmulator(Map.of("EMULATED_DRIVER", "11080"));
    assertTrue(output.contains("too old: CUDA driver of CUDA 11.8, and 12.0 or newer is needed"), output);
  }

  @Test
  void librariesTooOld() throws IOException {
    String output = onEmulator(Map.of("EMULATED_LIBRARIES", "11"));
    assertTrue(output.startsWith(UNAVAILABLE + "cannot load cuBLAS"), output);
    assertTrue(output.contains("too old: cuBLAS of CUDA 11.0, and 12.0 or newer is needed"), output);
  }

  @Test
  void librariesOfAFutureCuda() throws IOException {
    String output = onEmulator(Map.of("EMULATED_LIBRARIES", "14", "EMULATED_DRIVER", "14000"));
    assertTrue(output.contains("too new: cuBLAS of CUDA 14.0, and 12 or 13 is needed"), output);
  }

  @Test
  void librariesNewerThanTheDriver() throws IOException {
    String output = onEmulator(Map.of("EMULATED_DRIVER", "12040"));
    assertTrue(output.contains("cuBLAS of CUDA 13.0 needs a newer driver: this one supports CUDA 12.4 at most"), output);
  }

  @Test
  void deviceTooOldForTheCompiler() throws IOException {
    String output = onEmulator(Map.of("EMULATED_CAPABILITY", "61"));
    assertTrue(output.startsWith(UNAVAILABLE + "the device's compute capability 6.1 is older than all"), output);
  }

  @Test
  void homeThatDoesNotExistBinds() throws IOException {
    String output = withHome(temporary.resolve("nowhere"));
    assertTrue(output.contains("system property contraspectra.cuda.home: no such folder: '"), output);
    assertFalse(output.lines().anyMatch(line -> line.startsWith("  - system library")), output);
  }

  @Test
  void homeWithoutALibraryNamesIt() throws IOException {
    linkAll("libcublas.so.13", "libnvrtc.so.13");
    String output = withHome(temporary);
    assertTrue(output.startsWith(UNAVAILABLE + "cannot load cuSOLVER"), output);
    assertTrue(output.contains("holds none of libcusolver.so.12, libcusolver.so.11"), output);
  }

  @Test
  void fileThatIsNoLibraryGivesTheLoadersReason() throws IOException {
    Files.writeString(temporary.resolve("libcublas.so.13"), "no library at all, only a line of text to be refused");
    String output = withHome(temporary);
    assertTrue(output.contains(temporary.resolve("libcublas.so.13") + ": "), output);
    assertTrue(output.contains("remedy: point -Dcontraspectra.cuda.home to a CUDA 12 or 13 toolkit"), output);
  }

  @Test
  void librariesInFoldersOfPythonWheelsAreFound() throws IOException {
    link("libcublas.so.13", Files.createDirectories(temporary.resolve("nvidia/cublas/lib")));
    link("libcusolver.so.12", Files.createDirectories(temporary.resolve("nvidia/cusolver/lib")));
    link("libnvrtc.so.13", Files.createDirectories(temporary.resolve("nvidia/cu13/lib")));
    assertTrue(withHome(temporary).startsWith("norm 5.47"), "found in folders of their own");
  }

  @Test
  void librariesInAToolkitAreFoundByTheEnvironmentToo() throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("lib64"));
    for (String name : List.of("libcublas.so.13", "libcusolver.so.12", "libnvrtc.so.13")) {
      link(name, folder);
    }
    assertTrue(output(Map.of("CUDA_PATH", temporary.toString()), driver()).startsWith("norm 5.47"), "CUDA_PATH");
    assertTrue(output(Map.of("CUDA_HOME", temporary.toString(), "CUDA_PATH", "nowhere"), driver())
        .startsWith("norm 5.47"), "CUDA_HOME");
  }

  private void linkAll(String... names) throws IOException {
    for (String name : names) {
      link(name, temporary);
    }
  }

  /** A library that exports what the source says. */
  private Path compile(String name, String source) throws IOException {
    CudaEmulator.folder();
    Path file = Files.writeString(temporary.resolve(name + ".cpp"), source);
    Path library = temporary.resolve(name);
    CudaEmulator.compile(List.of(file), library);
    return library;
  }

  // A copy would be a device of its own.
  private void link(String name, Path folder) throws IOException {
    links.add(Files.createSymbolicLink(folder.resolve(name), CudaEmulator.folder().resolve(name)));
  }

  @AfterEach
  void removeLinks() throws IOException {
    for (Path link : links) {
      Files.delete(link);
    }
  }

  private String onEmulator(Map<String, String> environment) throws IOException {
    return output(environment, driver(), home(CudaEmulator.folder()));
  }

  private String withHome(Path folder) throws IOException {
    return output(Map.of(), driver(), home(folder));
  }

  private static String driver() {
    return "-D" + CudaLibrary.DRIVER_PROPERTY + "=" + CudaEmulator.folder();
  }

  private static String home(Path folder) {
    return "-D" + CudaLibrary.HOME_PROPERTY + "=" + folder;
  }

  private static String output(Map<String, String> environment, String... flags) throws IOException {
    String cache = "-Dcontraspectra.cache=" + cache();
    return FreshJvm.output(CudaProbe.class, environment, false,
        Stream.concat(Stream.of(cache), Arrays.stream(flags)).toArray(String[]::new));
  }

  // Beside the emulator, so that kernels are compiled once.
  private static Path cache() {
    return CudaEmulator.folder().resolve("cache");
  }
}
