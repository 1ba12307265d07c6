package io.contraspectra.core.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * Fails a test that leaves memory open. {@code @EveryBackend} brings it along; any other test asks for it with
 * {@code @ExtendWith(NoOpenMemory.class)}. The ledger counts the whole process, so tests must not run in parallel.
 */
public final class NoOpenMemory implements TestInstancePreConstructCallback, BeforeEachCallback, AfterEachCallback {

  private @Nullable Ledger before;

  // Fields of a test may open memory too.
  @Override
  public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
    before = Ledger.now();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (before == null) {
      before = Ledger.now();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Ledger atStart = Objects.requireNonNull(before);
    before = null;
    atStart.requireUnchanged();
  }

  /** What the ledger said at one moment. */
  record Ledger(long openBlocks, long openBytes) {

    static Ledger now() {
      return new Ledger(MemoryLedger.openBlocks(), MemoryLedger.openBytes());
    }

    void requireUnchanged() {
      assertEquals(this, now(), "the test left memory open; run it with -Dcontraspectra.track=true to see where");
    }
  }
}
