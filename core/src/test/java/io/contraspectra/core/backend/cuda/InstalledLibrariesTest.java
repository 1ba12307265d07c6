package io.contraspectra.core.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * NVIDIA's own libraries where they are installed, which needs no device: {@code CUDA_HOME} may name a toolkit or a
 * folder of Python wheels. Every routine that we call is exported, and NVRTC takes our kernels.
 */
@Timeout(300)
class InstalledLibrariesTest {

  private static String output = "";

  @BeforeAll
  static void probe() throws IOException {
    output = FreshJvm.output(LibrariesProbe.class, Map.of(), true);
  }

  @Test
  void everyRoutineIsExported() {
    assumeFalse(output.lines().filter(line -> line.contains(" absent: ")).count() == 3,
        "no CUDA library is installed here");
    assertFalse(output.contains(" incomplete: "), output);
  }

  @Test
  void kernelsCompileForOldAndNewDevices() {
    assumeFalse(output.contains("NVRTC absent"), "there is no NVRTC here");
    assertTrue(output.contains("compiled F64 for sm_75") && output.contains("compiled F32 for sm_90"), output);
    assertEquals(8, output.lines().filter(line -> line.startsWith("compiled ")).count(), output);
  }
}
