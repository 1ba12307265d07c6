package io.contraspectra.core.matrix;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts the blocks of memory that are open. With {@code -Dcontraspectra.track=true} it also keeps the stack of each
 * allocation, and logs that stack when a block becomes unreachable without having been closed.
 */
public final class MemoryLedger {

  private static final boolean TRACK = Boolean.getBoolean("contraspectra.track");
  private static final Logger LOG = System.getLogger(MemoryLedger.class.getName());
  private static final AtomicLong OPEN_BLOCKS = new AtomicLong();
  private static final AtomicLong OPEN_BYTES = new AtomicLong();
  private static final AtomicLong PEAK_BYTES = new AtomicLong();

  private MemoryLedger() {}

  /** Number of blocks that are open now, over all backends. */
  public static long openBlocks() {
    return OPEN_BLOCKS.get();
  }

  /** Bytes of the blocks that are open now. */
  public static long openBytes() {
    return OPEN_BYTES.get();
  }

  /** The most bytes that were open at a time since {@link #resetPeak()}, or since the start. */
  public static long peakBytes() {
    return PEAK_BYTES.get();
  }

  /** Starts to look for the peak anew, from the bytes that are open now. */
  public static void resetPeak() {
    PEAK_BYTES.set(OPEN_BYTES.get());
  }

  static Entry opened(long bytes) {
    OPEN_BLOCKS.incrementAndGet();
    PEAK_BYTES.accumulateAndGet(OPEN_BYTES.addAndGet(bytes), Math::max);
    var entry = new Entry(new State(bytes, TRACK ? new Throwable(bytes + " bytes allocated, never closed") : null));
    if (TRACK) {
      // The entry dies with the memory that holds it; the state must not lead back to either.
      Cleaning.CLEANER.register(entry, entry.state::reportIfOpen);
    }
    return entry;
  }

  /** A block's place in the ledger, held by the block alone. */
  static final class Entry {
    private final State state;

    private Entry(State state) {
      this.state = state;
    }

    void closed() {
      state.open = false;
      OPEN_BLOCKS.decrementAndGet();
      OPEN_BYTES.addAndGet(-state.bytes);
    }
  }

  private static final class State {
    private final long bytes;
    private final @Nullable Throwable allocation;
    private volatile boolean open = true;

    State(long bytes, @Nullable Throwable allocation) {
      this.bytes = bytes;
      this.allocation = allocation;
    }

    void reportIfOpen() {
      if (open) {
        LOG.log(Level.WARNING, "memory leak", allocation);
      }
    }
  }

  /** Loaded, and its thread started, only when tracking. */
  private static final class Cleaning {
    static final Cleaner CLEANER = Cleaner.create();
  }
}
