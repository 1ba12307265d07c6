package io.contraspectra.core.matrix;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** That closing gives memory back to the system. */
@ExtendWith(NoOpenMemory.class)
class ResidentMemoryTest {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long MATRIX_KILOBYTES = 256;
  private static final long MARGIN_KILOBYTES = 64 * 1024;

  /** All of them together are 2.5 GB, so one in fifty left behind would show. */
  @Test
  void tenThousandMatricesLeaveNothingResident() throws IOException {
    assumeTrue(Files.exists(STATUS), "no /proc/self/status on this system");
    openAndClose(500);
    long before = residentKilobytes();
    openAndClose(10_000);
    long growth = residentKilobytes() - before;
    assertTrue(growth < MARGIN_KILOBYTES, () -> "resident memory grew by " + growth + " kB");
  }

  private static void openAndClose(int matrices) {
    long cols = MATRIX_KILOBYTES * 1024 / Double.BYTES;
    for (int i = 0; i < matrices; i++) {
      try (Matrix x = Matrix.owning(HostMemory.allocate(MATRIX_KILOBYTES * 1024), DType.F64, 1, cols)) {
        x.set(0, cols - 1, i);
      }
    }
  }

  private static long residentKilobytes() throws IOException {
    String line = Files.readAllLines(STATUS).stream().filter(s -> s.startsWith("VmRSS:")).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
