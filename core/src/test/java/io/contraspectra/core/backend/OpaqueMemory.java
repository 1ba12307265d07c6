package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Memory;
import java.lang.foreign.MemorySegment;

/** A stand-in for device memory: bytes to copy in and out, on which only {@link OpaqueEngine} computes. */
final class OpaqueMemory extends Memory {

  static final String SPACE = "opaque";

  private final Memory hidden;

  /** Takes over {@code hidden}, and closes it with itself. */
  OpaqueMemory(Memory hidden) {
    super(SPACE, hidden.byteSize());
    this.hidden = hidden;
  }

  /** What the engine behind {@link OpaqueEngine} computes on. */
  Memory hidden() {
    return hidden;
  }

  @Override
  protected void copyOut(long byteOffset, MemorySegment target) {
    hidden.read(byteOffset, target);
  }

  @Override
  protected void copyIn(long byteOffset, MemorySegment source) {
    hidden.write(byteOffset, source);
  }

  @Override
  protected void free() {
    hidden.close();
  }
}
