package io.contraspectra.core.matrix;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A block of bytes that some backend can compute on: a host segment, or a handle to a device. All that is known here is
 * its size, the space it lies in, copying in and out, and its life.
 *
 * <p>Calls that compute on the block hold it with {@link #retain()} and {@link #release()}. Closing a held block throws
 * {@link InUse}; using a closed one throws {@link UseAfterClose}; closing twice does nothing. Thread-safe in that
 * respect; the bytes themselves are not synchronised.
 */
public abstract class Memory implements AutoCloseable {

  private static final int CLOSED = -1;

  private final String space;
  private final long byteSize;
  private final AtomicInteger holders = new AtomicInteger();
  private final MemoryLedger.Entry entry;

  /**
   * Registers a block that is already allocated.
   *
   * @param space name of the address space, e.g. {@code host} or {@code cuda:0}; backends compare it
   * @param byteSize size in bytes
   */
  protected Memory(String space, long byteSize) {
    this(space, byteSize, byteSize);
  }

  /**
   * Registers a block of which some bytes belong to another block, which counts them.
   *
   * @param ownBytes bytes that are this block's own
   */
  protected Memory(String space, long byteSize, long ownBytes) {
    this.space = space;
    this.byteSize = byteSize;
    this.entry = MemoryLedger.opened(ownBytes);
  }

  /** The address space, e.g. {@code host}. */
  public final String space() {
    return space;
  }

  /** Size in bytes. */
  public final long byteSize() {
    return byteSize;
  }

  /**
   * Copies bytes out, from {@code byteOffset} on, until {@code target} is full.
   *
   * @throws IndexOutOfBoundsException if the range is not inside the block
   */
  public final void read(long byteOffset, MemorySegment target) {
    Objects.checkFromIndexSize(byteOffset, target.byteSize(), byteSize);
    retain();
    try {
      copyOut(byteOffset, target);
    } finally {
      release();
    }
  }

  /**
   * Copies all of {@code source} in, to {@code byteOffset} on.
   *
   * @throws IndexOutOfBoundsException if the range is not inside the block
   */
  public final void write(long byteOffset, MemorySegment source) {
    Objects.checkFromIndexSize(byteOffset, source.byteSize(), byteSize);
    retain();
    try {
      copyIn(byteOffset, source);
    } finally {
      release();
    }
  }

  /** Marks the start of a call that uses the block. */
  public final void retain() {
    int before = holders.get();
    while (before != CLOSED) {
      if (holders.compareAndSet(before, before + 1)) {
        return;
      }
      before = holders.get();
    }
    throw new UseAfterClose("this matrix was closed: its memory (" + byteSize + " bytes, " + space
        + ") is gone; keep the owner open while views or results are in use");
  }

  /** Marks the end of a call that {@link #retain() retained} the block. */
  public final void release() {
    holders.decrementAndGet();
  }

  /** Whether {@link #close()} has been called. */
  public final boolean isClosed() {
    return holders.get() == CLOSED;
  }

  @Override
  public final void close() {
    if (holders.compareAndSet(0, CLOSED)) {
      entry.closed();
      free();
    } else if (!isClosed()) {
      throw new InUse("cannot close " + byteSize + " bytes of " + space
          + " memory while a call uses them; wait for the call, then close");
    }
  }

  /** Copies bytes out; the range has been checked and the block is held. */
  protected abstract void copyOut(long byteOffset, MemorySegment target);

  /** Copies bytes in; the range has been checked and the block is held. */
  protected abstract void copyIn(long byteOffset, MemorySegment source);

  /** Gives the bytes back; called once. */
  protected abstract void free();
}
