package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.UseAfterClose;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
    System.setProperty(Backends.PROPERTY, "cuda");
    assertThrows(BackendUnavailable.class, () -> Backends.select("auto"));
    System.setProperty(Backends.PROPERTY, "gpu");
    assertThrows(InvalidArgument.class, () -> Backends.select("auto"));
  }

  @Test
  void missingBackendIsRefusedWithTheReason() {
    var refusal = assertThrows(BackendUnavailable.class, () -> Backends.select("cuda"));
    assertTrue(refusal.getMessage().contains("no cuda engine"), refusal.getMessage());
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
