package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaDriver;
import io.contraspectra.bindings.cuda.CudaException;
import io.contraspectra.bindings.cuda.Cublas.MathMode;
import io.contraspectra.core.backend.cpu.Workers;
import io.contraspectra.core.matrix.DeviceFailure;
import io.contraspectra.core.matrix.OutOfDeviceMemory;
import io.contraspectra.core.matrix.UseAfterClose;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which stream a call's work goes into, and which memory it gets.
 *
 * <p>Work from outside tiles goes into the main lane, one call after the other. A thread that runs tiles has a lane of
 * its own, which starts where the main lane is and which the main lane waits for at the end. Memory that is freed goes
 * to the lane of whoever frees it: later work there comes after all work that used the memory. A context is current to
 * a platform thread, so calls of virtual threads are made by one of the workers.
 */
final class Lanes {

  private static final ScopedValue<Lane> OWN = ScopedValue.newInstance();

  private final Device device;
  private final MathMode mathMode;
  private final Workers workers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Long> sizes = new HashMap<>();
  private final List<Lane> spare = new ArrayList<>();
  private final Lane main;
  private long forked;
  private @Nullable Runnable whenClosed;
  private boolean closed;

  /** Takes over a device, and closes it when all its memory is free; the workers stay the caller's. */
  Lanes(Device device, MathMode mathMode, Workers workers) {
    this.device = device;
    this.mathMode = mathMode;
    this.workers = workers;
    device.enter();
    this.main = new Lane(this, mathMode);
  }

  Device device() {
    return device;
  }

  /**
   * Puts work into the lane of this thread.
   *
   * @throws OutOfDeviceMemory if it found too little
   * @throws DeviceFailure if the device, or a library on it, refused the work or reports that earlier work failed
   */
  <T> T with(Function<Lane, T> work) {
    if (inside()) {
      device.enter();
      return guarded(() -> work.apply(OWN.get()));
    }
    if (Thread.currentThread().isVirtual()) {
      var result = new ArrayList<T>(1);
      workers.onPlatformThread(() -> result.add(with(work)));
      return result.getFirst();
    }
    lock.lock();
    try {
      requireOpen();
      device.enter();
      return guarded(() -> work.apply(main));
    } finally {
      lock.unlock();
    }
  }

  private <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (CudaException e) {
      throw e.isOutOfMemory()
          ? new OutOfDeviceMemory(device.space(), e.call(), device.available()) : new DeviceFailure(device.space(), e);
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
      return guarded(() -> {
        Lane lane = spare.isEmpty() ? new Lane(this, mathMode) : spare.removeLast();
        lane.await(main);
        forked++;
        return lane;
      });
    } finally {
      lock.unlock();
    }
  }

  /** Takes a lane of {@link #fork} back; later work of the main lane comes after its work. */
  void join(Lane lane) {
    lock.lock();
    try {
      device.enter();
      forked--;
      spare.add(lane);
      main.await(lane);
      main.idle().absorb(lane.idle());
      closeIfDone();
    } catch (CudaException e) {
      throw new DeviceFailure(device.space(), e);
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
      freeIdle(lane);
      return device.allocate(size);
    }
  }

  /** Makes something for which a library takes memory by itself; what is idle is given up for it if need be. */
  <T> T withRoom(Lane lane, Supplier<T> make) {
    try {
      return make.get();
    } catch (CudaException e) {
      if (!e.isOutOfMemory()) {
        throw e;
      }
      lock.lock();
      try {
        freeIdle(lane);
      } finally {
        lock.unlock();
      }
      return make.get();
    }
  }

  private void freeIdle(Lane lane) {
    lane.idle().drain(this::release);
    main.idle().drain(this::release);
  }

  /** Bytes that can be taken now, those counted that are idle. */
  long available() {
    lock.lock();
    try {
      requireOpen();
      return device.available() + main.idle().bytes();
    } finally {
      lock.unlock();
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
   * Waits for all work and gives back what is idle; the device stays until the last matrix is closed. Tiles that are
   * under way on other threads come to their end first, and the last of them does the rest.
   *
   * @param last what else to close when no work is left
   */
  void close(Runnable last) {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        whenClosed = last;
        device.enter();
        closeIfDone();
      }
    } finally {
      lock.unlock();
    }
  }

  private void closeIfDone() {
    if (whenClosed != null && forked == 0) {
      Runnable last = whenClosed;
      whenClosed = null;
      spare.add(main);
      for (Lane lane : spare) {
        inSpiteOfErrors(() -> {
          lane.close();
          lane.idle().drain(this::release);
        });
      }
      spare.clear();
      inSpiteOfErrors(last);
      inSpiteOfErrors(this::closeIfEmpty);
    }
  }

  // An error that earlier work left must not keep the rest from being closed.
  private static void inSpiteOfErrors(Runnable closing) {
    try {
      closing.run();
    } catch (CudaException e) {
      System.getLogger(Lanes.class.getName()).log(System.Logger.Level.WARNING, "closing the device", e);
    }
  }

  private void closeIfEmpty() {
    if (whenClosed == null && sizes.isEmpty()) {
      device.close();
    }
  }
}
