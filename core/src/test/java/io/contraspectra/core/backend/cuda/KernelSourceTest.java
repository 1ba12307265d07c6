package io.contraspectra.core.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;

/** The CUDA C source: for every function a kernel, and accepted by NVIDIA's compiler where there is one. */
class KernelSourceTest {

  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource
  void everyFunctionHasItsKernel(UnaryFunction function) {
    assertTrue(KernelSource.text().contains("MAP(" + function + ", "), function::toString);
  }

  @Test
  void architectureIsTheDevicesOrTheNextOlderOne() {
    List<Integer> known = List.of(75, 80, 90, 100);
    assertEquals("sm_90", KernelCache.architecture(90, known, "13.0"));
    assertEquals("compute_80", KernelCache.architecture(89, known, "13.0"));
    assertEquals("compute_100", KernelCache.architecture(121, known, "13.0"));
    var refusal = assertThrows(BackendUnavailable.class, () -> KernelCache.architecture(61, known, "13.0"));
    assertTrue(refusal.getMessage().contains("compute capability 6.1 is older"), refusal.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void compilesForOldAndNewDevices(DType dtype) throws IOException {
    Path source = Files.writeString(temporary.resolve("kernels.cu"), KernelSource.text());
    List<String> known = run("nvcc", "--list-gpu-arch").lines().map(line -> line.replace("compute_", "")).toList();
    for (String arch : List.of("75", "90", known.getLast())) {
      var command = new ArrayList<>(List.of("nvcc", "-cubin", "-arch=sm_" + arch, "-o",
          temporary.resolve("kernels.cubin").toString(), "-Werror=all-warnings"));
      KernelSource.options(dtype).forEach(option ->
          command.add(option.replace("--define-macro=", "-D").replace("--fmad=", "-fmad=")));
      command.add(source.toString());
      assertEquals("", run(command.toArray(String[]::new)).strip(), "sm_" + arch);
    }
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes());
    } catch (IOException e) {
      throw new TestAbortedException("there is no nvcc on the path of this machine", e);
    }
  }
}
