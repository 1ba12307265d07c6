package io.contraspectra.core.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves memory open. {@code @EveryBackend} brings it along; any other test asks for it with
 * {@code @ExtendWith(NoOpenMemory.class)}. The ledger counts the whole process, so tests must not run in parallel.
 */
public final class NoOpenMemory implements BeforeEachCallback, AfterEachCallback {

  private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(NoOpenMemory.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put(Ledger.class, Ledger.now());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    context.getStore(NAMESPACE).get(Ledger.class, Ledger.class).requireUnchanged();
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
