package io.contraspectra.core.matrix;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.contraspectra.core.matrix.NoOpenMemory.Ledger;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class NoOpenMemoryTest {

  @Test
  void oneOpenBlockIsNoticed() {
    Ledger before = Ledger.now();
    try (var block = HostMemory.allocate(8)) {
      assertThrows(AssertionFailedError.class, before::requireUnchanged, () -> block + " went unnoticed");
    }
    before.requireUnchanged();
  }
}
