package io.contraspectra.core.network;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NoOpenMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** That networks, and what their passes allocate, give their memory back to the system. */
@ExtendWith(NoOpenMemory.class)
class NetworkMemoryTest {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long MARGIN_KILOBYTES = 64 * 1024;

  /** Parameters and buffers are 100 kB a network, 1 GB in all: one in ten left behind would show. */
  @Test
  void tenThousandNetworksLeaveNothingResident() throws IOException {
    assumeTrue(Files.exists(STATUS), "no /proc/self/status on this system");
    try (Backend backend = TestBackend.CPU_VECTOR.open(); Matrix x = backend.zeros(DType.F64, 4, 8)) {
      openAndClose(backend, x, 500);
      long before = residentKilobytes();
      openAndClose(backend, x, 10_000);
      long growth = residentKilobytes() - before;
      assertTrue(growth < MARGIN_KILOBYTES, () -> "resident memory grew by " + growth + " kB");
    }
  }

  private static void openAndClose(Backend backend, Matrix x, int networks) {
    var architecture = Architecture.ntk(Activation.RELU, 8, 512, 4);
    for (int i = 0; i < networks; i++) {
      try (Network network = Network.zeros(architecture, backend, DType.F64); Matrix f = network.apply(x)) {
        backend.fill(1, f);
      }
    }
  }

  private static long residentKilobytes() throws IOException {
    String line = Files.readAllLines(STATUS).stream().filter(s -> s.startsWith("VmRSS:")).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
