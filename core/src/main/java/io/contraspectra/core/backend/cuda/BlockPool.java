package io.contraspectra.core.backend.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Idle blocks of device memory, by size. A block may still be in use by work that its stream has been given, so it goes
 * only to later work of that stream. Not thread-safe.
 */
final class BlockPool {

  private static final long SMALLEST = 512;
  // A larger block serves in place of a missing one if it wastes no more than a quarter of that.
  private static final double WASTE = 1.25;

  private final TreeMap<Long, Deque<Long>> idle = new TreeMap<>();

  /** The size of the blocks that serve {@code bytes}: three significant bits, so that sizes repeat. */
  static long rounded(long bytes) {
    if (bytes <= SMALLEST) {
      return SMALLEST;
    }
    long unit = Math.max(SMALLEST, Long.highestOneBit(bytes) >> 3);
    return Math.ceilDiv(bytes, unit) * unit;
  }

  /** The address of an idle block of at least {@code size} bytes, or 0. */
  long take(long size) {
    Map.Entry<Long, Deque<Long>> entry = idle.ceilingEntry(size);
    if (entry == null || entry.getKey() > size * WASTE) {
      return 0;
    }
    long address = entry.getValue().pop();
    if (entry.getValue().isEmpty()) {
      idle.remove(entry.getKey());
    }
    return address;
  }

  void give(long address, long size) {
    idle.computeIfAbsent(size, unused -> new ArrayDeque<>()).push(address);
  }

  /** Bytes of all idle blocks. */
  long bytes() {
    return idle.entrySet().stream().mapToLong(entry -> entry.getKey() * entry.getValue().size()).sum();
  }

  /** Takes over all blocks of another pool. */
  void absorb(BlockPool other) {
    other.idle.forEach((size, blocks) -> blocks.forEach(address -> give(address, size)));
    other.idle.clear();
  }

  /** Hands all blocks out for good. */
  void drain(LongConsumer free) {
    idle.values().forEach(blocks -> blocks.forEach(free::accept));
    idle.clear();
  }
}
