package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.HostMemory;
import io.contraspectra.core.matrix.Memory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the workspaces of tiles, kept from one call to the next: opening and closing shared memory costs more than
 * many a small tile. Holds as many blocks as threads can use at once, and none that is large. Thread-safe.
 */
final class Slabs implements AutoCloseable {

  private static final long LARGE = 16 << 20;

  private final int limit;
  private final List<HostMemory> idle = new ArrayList<>();
  private boolean closed;

  /** Keeps up to {@code limit} blocks. */
  Slabs(int limit) {
    this.limit = limit;
  }

  /** A block of at least this many bytes, with whatever it holds; to be given back by {@link #give}. */
  HostMemory take(long bytes) {
    synchronized (this) {
      for (int i = idle.size() - 1; i >= 0; i--) {
        if (idle.get(i).byteSize() >= bytes) {
          return idle.remove(i);
        }
      }
    }
    return HostMemory.allocate(bytes);
  }

  /** A block of at least this many bytes, with whatever it holds, that comes back here when it is closed. */
  Memory lend(long bytes) {
    HostMemory block = take(bytes);
    return bytes > LARGE ? block : HostMemory.lend(block, () -> give(block));
  }

  /** Takes back a block, to keep or to close it. */
  void give(HostMemory block) {
    @Nullable HostMemory surplus = block;
    synchronized (this) {
      if (!closed && block.byteSize() <= LARGE) {
        idle.add(block);
        // The oldest goes: what was used last fits what will be used next.
        surplus = idle.size() > limit ? idle.removeFirst() : null;
      }
    }
    if (surplus != null) {
      surplus.close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(Memory::close);
    idle.clear();
  }
}
