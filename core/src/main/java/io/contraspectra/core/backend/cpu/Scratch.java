package io.contraspectra.core.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory of each thread for one kernel's intermediate rows; freed after the thread has gone. */
final class Scratch {

  private static final long ALIGNMENT = 64;
  private static final long SMALLEST = 1 << 16;
  private static final ThreadLocal<Scratch> CURRENT = ThreadLocal.withInitial(Scratch::new);

  private MemorySegment segment = MemorySegment.NULL;

  private Scratch() {}

  /**
   * At least this many bytes, with whatever they hold. They are the thread's until it asks again, so whoever asks must
   * be done before anybody else on the thread can.
   */
  static MemorySegment bytes(long count) {
    return CURRENT.get().atLeast(count);
  }

  private MemorySegment atLeast(long count) {
    if (segment.byteSize() < count) {
      segment = Arena.ofAuto().allocate(Math.max(count, SMALLEST), ALIGNMENT);
    }
    return segment;
  }
}
