package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaDriver;
import io.contraspectra.bindings.cuda.CudaException;
import io.contraspectra.bindings.cuda.Cublas.MathMode;
import io.contraspectra.core.matrix.OutOfDeviceMemory;
import io.contraspectra.core.matrix.UseAfterClose;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Which stream a call's work goes into, and which memory it gets.
 *
 * <p>Work from outside tiles goes into the main lane, one call after the other. A thread that runs tiles has a lane of
 * its own, which starts where the main lane is and which the main lane waits for at the end. Memory that is freed goes
 * to the lane of whoever frees it: later work there comes after all work that used the memory.
 */
final class Lanes {

  private static final ScopedValue<Lane> OWN = ScopedValue.newInstance();

  private final Device device;
  private final MathMode mathMode;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Long> sizes = new HashMap<>();
  private final List<Lane> spare = new ArrayList<>();
  private final Lane main;
  private boolean closed;

  /** Takes over a device, and closes it when all its memory is free. */
  Lanes(Device device, MathMode mathMode) {
    this.device = device;
    this.mathMode = mathMode;
    device.enter();
    this.main = new Lane(this, mathMode);
  }

  Device device() {
    return device;
  }

  /** Puts work into the lane of this thread. */
  <T> T with(Function<Lane, T> work) {
    if (OWN.isBound() && OWN.get().lanes() == this) {
      device.enter();
      return work.apply(OWN.get());
    }
    lock.lock();
    try {
      requireOpen();
      device.enter();
      return work.apply(main);
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #with}, for work without a result. */
  void run(Consumer<Lane> work) {
    with(lane -> {
      work.accept(lane);
      return true;
    });
  }

  /** Whether this thread has a lane of its own. */
  boolean inside() {
    return OWN.isBound() && OWN.get().lanes() == this;
  }

  /** Runs with a lane of one's own. */
  void inside(Lane lane, Runnable work) {
    ScopedValue.where(OWN, lane).run(work);
  }

  /** A lane whose work comes after all work that the main lane has now. */
  Lane fork() {
    lock.lock();
    try {
      requireOpen();
      device.enter();
      Lane lane = spare.isEmpty() ? new Lane(this, mathMode) : spare.removeLast();
      lane.await(main);
      return lane;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a lane of {@link #fork} back; later work of the main lane comes after its work. */
  void join(Lane lane) {
    lock.lock();
    try {
      device.enter();
      main.await(lane);
      main.idle().absorb(lane.idle());
      spare.add(lane);
    } finally {
      lock.unlock();
    }
  }

  /** Memory for work of a lane, with whatever it holds. */
  long take(Lane lane, long bytes) {
    long size = BlockPool.rounded(bytes);
    long address = lane.idle().take(size);
    if (address != 0) {
      return address;
    }
    lock.lock();
    try {
      if (lane != main) {
        address = main.idle().take(size);
        if (address != 0) {
          lane.await(main);
          return address;
        }
      }
      address = allocate(lane, size);
      sizes.put(address, size);
      return address;
    } finally {
      lock.unlock();
    }
  }

  /** Memory under a name, zero-filled in the order of a lane. */
  DeviceMemory zeros(Lane lane, long bytes) {
    long address = take(lane, bytes);
    CudaDriver.set(address, (byte) 0, BlockPool.rounded(bytes), lane.stream());
    return new DeviceMemory(this, address, bytes);
  }

  /** Takes memory back for later work of the same lane. */
  void giveBack(Lane lane, long address) {
    lane.idle().give(address, sizeOf(address));
  }

  /** Takes memory back that nobody has under a name any more. */
  void free(long address) {
    if (inside()) {
      device.enter();
      giveBack(OWN.get(), address);
      return;
    }
    lock.lock();
    try {
      device.enter();
      if (closed) {
        release(address);
        closeIfEmpty();
      } else {
        giveBack(main, address);
      }
    } finally {
      lock.unlock();
    }
  }

  private long sizeOf(long address) {
    lock.lock();
    try {
      return sizes.get(address);
    } finally {
      lock.unlock();
    }
  }

  // When the device is full, what is idle is given back to it first; freeing waits for the device.
  private long allocate(Lane lane, long size) {
    try {
      return device.allocate(size);
    } catch (OutOfDeviceMemory e) {
      lane.idle().drain(this::release);
      main.idle().drain(this::release);
      return device.allocate(size);
    }
  }

  private void release(long address) {
    device.free(address, sizes.remove(address));
  }

  private void requireOpen() {
    if (closed) {
      throw new UseAfterClose("this backend was closed; keep it open as long as operations run on it");
    }
  }

  /**
   * Waits for all work and gives back what is idle; the device stays until the last matrix is closed.
   *
   * @param last what else to close when no work is left
   */
  void close(Runnable last) {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        device.enter();
        closeLanes();
        last.run();
        closeIfEmpty();
      }
    } finally {
      lock.unlock();
    }
  }

  // An error that earlier work left must not keep the rest from being closed.
  private void closeLanes() {
    spare.add(main);
    for (Lane lane : spare) {
      try {
        lane.synchronise();
        lane.idle().drain(this::release);
        lane.close();
      } catch (CudaException e) {
        System.getLogger(Lanes.class.getName()).log(System.Logger.Level.WARNING, "closing a stream", e);
      }
    }
    spare.clear();
  }

  private void closeIfEmpty() {
    if (sizes.isEmpty()) {
      device.close();
    }
  }
}
