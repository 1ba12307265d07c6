package io.contraspectra.core.backend.cuda;

import io.contraspectra.core.matrix.Memory;
import java.lang.foreign.MemorySegment;

/** Memory of a device. Copies go through pinned host memory, in the order of the calling thread's stream. */
final class DeviceMemory extends Memory {

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
    lanes.run(lane -> lane.staging().copyOut(address + byteOffset, target));
  }

  @Override
  protected void copyIn(long byteOffset, MemorySegment source) {
    lanes.run(lane -> lane.staging().copyIn(source, address + byteOffset));
  }

  @Override
  protected void free() {
    lanes.free(address);
  }
}
