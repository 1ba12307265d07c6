package io.contraspectra.core.backend.cuda;

import io.contraspectra.core.matrix.Memory;
import java.lang.foreign.MemorySegment;

/** Memory of a device. Copies go through pinned host memory, in the order of the calling thread's stream. */
final class DeviceMemory extends Memory {

  private static final long PIECE = 4 << 20;

  private final Lanes lanes;
  private final long address;

  /** Takes over a block of at least {@code bytes} that {@code lanes} gave. */
  DeviceMemory(Lanes lanes, long address, long bytes) {
    super(lanes.device().space(), bytes);
    this.lanes = lanes;
    this.address = address;
  }

  long address() {
    return address;
  }

  @Override
  protected void copyOut(long byteOffset, MemorySegment target) {
    inPieces(target, (done, piece) -> {
      lanes.run(lane -> lane.staging().copyOut(address + byteOffset + done, piece));
      if (piece != target) {
        MemorySegment.copy(piece, 0, target, done, piece.byteSize());
      }
    });
  }

  @Override
  protected void copyIn(long byteOffset, MemorySegment source) {
    inPieces(source, (done, piece) -> {
      if (piece != source) {
        MemorySegment.copy(source, done, piece, 0, piece.byteSize());
      }
      lanes.run(lane -> lane.staging().copyIn(piece, address + byteOffset + done));
    });
  }

  /** A copy of some bytes, from {@code done} on. */
  @FunctionalInterface
  private interface Copy {
    void of(long done, MemorySegment piece);
  }

  // A virtual thread's calls are made by another thread, which may not touch a segment that is confined to this one.
  private static void inPieces(MemorySegment all, Copy copy) {
    if (!Thread.currentThread().isVirtual()) {
      copy.of(0, all);
      return;
    }
    for (long done = 0; done < all.byteSize(); done += PIECE) {
      copy.of(done, MemorySegment.ofArray(new byte[(int) Math.min(PIECE, all.byteSize() - done)]));
    }
  }

  @Override
  protected void free() {
    lanes.free(address);
  }
}
