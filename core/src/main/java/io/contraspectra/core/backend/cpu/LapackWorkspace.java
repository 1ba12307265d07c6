package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.HostMemory;
import java.lang.foreign.MemorySegment;

/**
 * Scratch memory of one LAPACK call: the thread's own where it is small, so that decompositions of small matrices do
 * not spend their time on memory, and a block for the call where it is large.
 */
final class LapackWorkspace implements AutoCloseable {

  private static final long ALIGNMENT = 64;
  // Clearing a block anew would take a fortieth of the decomposition of a matrix of order 1000.
  private static final long SMALL = 32 << 20;
  // The thread's own memory grows by as much at least, for what it had before is freed only when it is collected.
  private static final long STEP = 4 << 20;
  private static final Scratch SCRATCH = new Scratch(0);

  private final MemorySegment[] parts;
  private final Runnable release;

  /** Takes parts of the given sizes in bytes; what they hold is undefined. */
  LapackWorkspace(long... bytes) {
    long total = 0;
    for (long part : bytes) {
      total += aligned(part);
    }
    MemorySegment all;
    if (total <= SMALL) {
      all = SCRATCH.get(total <= STEP / 4 ? total : Math.ceilDiv(total, STEP) * STEP);
      release = () -> {};
    } else {
      HostMemory block = HostMemory.allocate(total);
      all = block.segment();
      release = block::close;
    }
    parts = new MemorySegment[bytes.length];
    long at = 0;
    for (int i = 0; i < bytes.length; i++) {
      parts[i] = all.asSlice(at, bytes[i]);
      at += aligned(bytes[i]);
    }
  }

  MemorySegment part(int index) {
    return parts[index];
  }

  @Override
  public void close() {
    release.run();
  }

  private static long aligned(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }
}
