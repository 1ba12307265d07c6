package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaDriver;
import io.contraspectra.bindings.cuda.CudaStreams;
import java.lang.foreign.MemorySegment;

/**
 * Copies between any host memory and the device through two halves of pinned memory: while the device copies one, the
 * host copies the other. What goes in goes in the order of the stream, and the caller does not wait for it.
 */
final class Staging implements AutoCloseable {

  private static final long HALF = 4 << 20;

  private final long stream;
  private final MemorySegment pinned = CudaDriver.allocateHost(2 * HALF);
  private final long[] reached = {CudaStreams.createEvent(), CudaStreams.createEvent()};

  Staging(long stream) {
    this.stream = stream;
  }

  /** Copies in; {@code source} is free again when this returns. */
  void copyIn(MemorySegment source, long address) {
    long size = source.byteSize();
    int half = 0;
    for (long done = 0; done < size; done += HALF) {
      long n = Math.min(HALF, size - done);
      CudaStreams.synchroniseEvent(reached[half]);
      MemorySegment.copy(source, done, pinned, half * HALF, n);
      CudaDriver.copyIn(part(half, n), address + done, stream);
      CudaStreams.record(reached[half], stream);
      half ^= 1;
    }
  }

  /** Copies out, after all earlier work of the stream. */
  void copyOut(long address, MemorySegment target) {
    long size = target.byteSize();
    request(address, size, 0, 0);
    int half = 0;
    for (long done = 0; done < size; done += HALF) {
      request(address, size, done + HALF, half ^ 1);
      CudaStreams.synchroniseEvent(reached[half]);
      MemorySegment.copy(pinned, half * HALF, target, done, Math.min(HALF, size - done));
      half ^= 1;
    }
  }

  private void request(long address, long size, long from, int half) {
    if (from < size) {
      CudaDriver.copyOut(address + from, part(half, Math.min(HALF, size - from)), stream);
      CudaStreams.record(reached[half], stream);
    }
  }

  private MemorySegment part(int half, long n) {
    return pinned.asSlice(half * HALF, n);
  }

  @Override
  public void close() {
    CudaStreams.destroyEvent(reached[0]);
    CudaStreams.destroyEvent(reached[1]);
    CudaDriver.freeHost(pinned);
  }
}
