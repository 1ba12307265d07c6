package io.contraspectra.core.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory of each thread for one kind of intermediate result; freed some time after the thread has gone. Each
 * user has a scratch of its own, so that none finds its bytes overwritten by another on the same thread.
 */
final class Scratch {

  private static final long ALIGNMENT = 64;

  private final ThreadLocal<MemorySegment> current;

  /** Scratch of a given size for every thread that asks. */
  Scratch(long bytes) {
    current = ThreadLocal.withInitial(() -> allocated(bytes));
  }

  /** This thread's bytes, with whatever they hold. */
  MemorySegment get() {
    return current.get();
  }

  /** At least {@code bytes} bytes of this thread; what was there before is lost when there were fewer. */
  MemorySegment get(long bytes) {
    if (current.get().byteSize() < bytes) {
      current.set(allocated(bytes));
    }
    return current.get();
  }

  private static MemorySegment allocated(long bytes) {
    return Arena.ofAuto().allocate(bytes, ALIGNMENT);
  }
}
