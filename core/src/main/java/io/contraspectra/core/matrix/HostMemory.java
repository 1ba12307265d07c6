package io.contraspectra.core.matrix;

import io.contraspectra.bindings.memory.Pages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory of this process, off the Java heap, 64-byte aligned. Any thread may use it. The segment is alive exactly as
 * long as this object is open, or as the block that it is lent from.
 */
public final class HostMemory extends Memory {

  /** The address space of every host block. */
  public static final String SPACE = "host";

  private static final long ALIGNMENT = 64;

  // Smaller blocks come and go with every call: the C library keeps them, while pages would be mapped and cleared anew.
  private static final long PAGES_FROM = 32 << 20;

  private final MemorySegment segment;
  private final Runnable free;

  private HostMemory(MemorySegment segment, long ownBytes, Runnable free) {
    super(SPACE, segment.byteSize(), ownBytes);
    this.segment = segment;
    this.free = free;
  }

  /**
   * Allocates zero-filled memory.
   *
   * @param byteSize size in bytes, not negative
   * @throws OutOfMemoryError if the system has no more
   */
  public static HostMemory allocate(long byteSize) {
    if (byteSize < 0) {
      throw new InvalidArgument("cannot allocate " + byteSize + " bytes: sizes must not be negative");
    }
    Arena arena = Arena.ofShared();
    try {
      MemorySegment segment = byteSize >= PAGES_FROM && Pages.available()
          ? Pages.map(byteSize, arena) : arena.allocate(byteSize, ALIGNMENT);
      return new HostMemory(segment, byteSize, arena::close);
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Lends all bytes of another block, which must stay open meanwhile, for the life of the block that is returned.
   *
   * @param giveBack called once, when that block is closed
   */
  public static HostMemory lend(HostMemory owner, Runnable giveBack) {
    return new HostMemory(owner.segment, 0, giveBack);
  }

  /** The bytes; any access after {@link #close()}, of a lent block after its owner's, throws. */
  public MemorySegment segment() {
    return segment;
  }

  @Override
  protected void copyOut(long byteOffset, MemorySegment target) {
    MemorySegment.copy(segment, byteOffset, target, 0, target.byteSize());
  }

  @Override
  protected void copyIn(long byteOffset, MemorySegment source) {
    MemorySegment.copy(source, 0, segment, byteOffset, source.byteSize());
  }

  @Override
  protected void free() {
    free.run();
  }
}
