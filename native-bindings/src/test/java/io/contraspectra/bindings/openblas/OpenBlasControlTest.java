package io.contraspectra.bindings.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.bindings.load.Attempt.Outcome;
import org.junit.jupiter.api.Test;

class OpenBlasControlTest {
  @Test
  void threadCountIsKept() {
    int before = OpenBlasControl.threads();
    try {
      OpenBlasControl.setThreads(1);
      assertEquals(1, OpenBlasControl.threads());
    } finally {
      OpenBlasControl.setThreads(before);
    }
    assertEquals(before, OpenBlasControl.threads());
  }

  @Test
  void libraryIntroducesItself() {
    assertTrue(OpenBlasControl.config().startsWith("OpenBLAS "), OpenBlasControl.config());
    assertFalse(OpenBlasControl.coreName().isBlank());
    assertTrue(OpenBlasControl.processors() >= 1);
    assertEquals(OpenBlasControl.Threading.PTHREADS, OpenBlasControl.threading());
  }

  @Test
  void reportEndsWithTheLibraryInUse() {
    assertTrue(OpenBlas.load().isLoaded());
    assertEquals(Outcome.LOADED, OpenBlas.report().getLast().outcome());
  }
}
