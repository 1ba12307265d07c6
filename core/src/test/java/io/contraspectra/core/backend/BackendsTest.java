package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.cpu.CpuProvider;
import io.contraspectra.core.backend.cuda.CudaProvider;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.UseAfterClose;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Selection by name and by property, and what is said about it. */
class BackendsTest {

  @AfterEach
  void clearProperty() {
    System.clearProperty(Backends.PROPERTY);
  }

  @Test
  void autoTakesTheProcessors() {
    try (Backend backend = Backends.select("auto")) {
      assertEquals("cpu", backend.name());
    }
  }

  @Test
  void autoObeysTheProperty() {
    System.setProperty(Backends.PROPERTY, "cpu");
    try (Backend backend = Backends.select("auto", 2, new Work(1e18, 0))) {
      assertEquals("cpu", backend.name());
    }
    System.setProperty(Backends.PROPERTY, "gpu");
    assertThrows(InvalidArgument.class, () -> Backends.select("auto"));
  }

  /** A device is worth its start from about a second of the processors' time on; transfers count against it. */
  @ParameterizedTest
  @CsvSource({"0, 0, 8, false", "1e9, 1e6, 8, false", "1e12, 1e9, 8, true", "1e11, 1e6, 1, true", "1e11, 1e6, 64, false",
      "1e12, 1e11, 8, false", "1e12, 1e11, 1, true"})
  void deviceIsTakenWhenTheWorkPaysForIt(double flops, double bytes, int threads, boolean pays) {
    var work = new Work(flops, bytes);
    double onProcessors = new CpuProvider().seconds(work, threads);
    double onDevice = new CudaProvider().seconds(work, threads);
    assertEquals(pays, onDevice < onProcessors, onDevice + " s on the device, " + onProcessors + " s on processors");
  }

  @Test
  void unknownNameIsRefusedWithTheKnownOnes() {
    var refusal = assertThrows(InvalidArgument.class, () -> Backends.select("tpu"));
    assertTrue(refusal.getMessage().contains("auto, cpu, cuda"), refusal.getMessage());
  }

  @Test
  void zeroThreadsAreRefused() {
    assertThrows(InvalidArgument.class, () -> Backends.cpu(0));
  }

  @Test
  void descriptionNamesLibraryAndThreads() {
    try (Backend backend = Backends.cpu(2)) {
      assertTrue(backend.describe().matches("cpu: OpenBLAS \\S+ \\(\\S+, \\w+\\), 2 threads, .+"), backend.describe());
    }
  }

  @Test
  void closedBackendRefusesWork() {
    Backend backend = Backends.cpu(2);
    try (Matrix x = backend.zeros(DType.F64, 2, 2)) {
      backend.close();
      assertThrows(UseAfterClose.class, () -> backend.fill(1, x));
      assertThrows(UseAfterClose.class, () -> backend.sum(x));
      assertThrows(UseAfterClose.class, () -> backend.tiles(1, 0, (tile, workspace) -> {}));
    }
  }
}
