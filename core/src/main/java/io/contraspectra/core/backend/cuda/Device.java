package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaDriver;
import io.contraspectra.bindings.cuda.CudaDriver.Attribute;
import io.contraspectra.bindings.cuda.CudaException;
import io.contraspectra.bindings.cuda.CudaLibrary;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.OutOfDeviceMemory;

/** One device and the context that all libraries share on it. Safe for use by any thread. */
final class Device implements AutoCloseable {

  /** Names the system property that holds the ordinal number of the device to use, 0 if unset. */
  static final String PROPERTY = "contraspectra.cuda.device";

  private final int ordinal;
  private final int device;
  private final long context;
  private final long limit = limit();
  private long taken;

  private Device(int ordinal, int device) {
    this.ordinal = ordinal;
    this.device = device;
    this.context = CudaDriver.retainPrimary(device);
  }

  /**
   * Opens the device that the user chose.
   *
   * @throws BackendUnavailable if there is none
   */
  static Device open() {
    CudaLibrary.DRIVER.require();
    try {
      CudaDriver.initialise();
    } catch (CudaException e) {
      throw new BackendUnavailable("backend 'cuda' is unavailable: the driver does not start: " + e.getMessage()
          + inPlainWords(e.status()), e);
    }
    int count = CudaDriver.deviceCount();
    if (count == 0) {
      throw new BackendUnavailable("backend 'cuda' is unavailable: the driver finds no device");
    }
    Integer ordinal = Integer.getInteger(PROPERTY, 0);
    if (ordinal < 0 || ordinal >= count) {
      throw new InvalidArgument("system property " + PROPERTY + " is " + ordinal + ", the devices of this machine are 0"
          + " to " + (count - 1));
    }
    try {
      return new Device(ordinal, CudaDriver.device(ordinal));
    } catch (CudaException e) {
      throw new BackendUnavailable("backend 'cuda' is unavailable: device " + ordinal + " gives no context: "
          + e.getMessage() + inPlainWords(e.status()), e);
    }
  }

  private static String inPlainWords(String status) {
    return switch (status) {
      case "CUDA_ERROR_NO_DEVICE" -> "; this machine has no NVIDIA GPU that it can use";
      case "CUDA_ERROR_STUB_LIBRARY" -> "; this is the stub that toolkits bring for linking, not the driver";
      case "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH" ->
          "; the driver's library and its kernel module are of different versions, restart the machine";
      case "CUDA_ERROR_DEVICE_UNAVAILABLE" -> "; another process has the device for itself";
      case "CUDA_ERROR_OUT_OF_MEMORY" -> "; other processes have all its memory";
      default -> "";
    };
  }

  /** The address space of its memory, e.g. {@code cuda:0}. */
  String space() {
    return "cuda:" + ordinal;
  }

  /** What its maker calls it. */
  String name() {
    return CudaDriver.deviceName(device);
  }

  /** Its compute capability, e.g. 90 for 9.0. */
  int capability() {
    return 10 * CudaDriver.attribute(Attribute.CAPABILITY_MAJOR, device)
        + CudaDriver.attribute(Attribute.CAPABILITY_MINOR, device);
  }

  int multiprocessors() {
    return CudaDriver.attribute(Attribute.MULTIPROCESSORS, device);
  }

  long totalMemory() {
    return CudaDriver.totalMemory(device);
  }

  /** One line for people. */
  String describe() {
    int capability = capability();
    return name() + " (compute capability " + capability / 10 + "." + capability % 10 + ", "
        + (totalMemory() >> 20) + " MiB)";
  }

  /** Lets calls of this platform thread work on this device. */
  void enter() {
    CudaDriver.setCurrent(context);
  }

  /**
   * New memory, with whatever it holds.
   *
   * @throws OutOfDeviceMemory if the device, or what the user allows of it, is full
   */
  synchronized long allocate(long bytes) {
    enter(); // whoever waited for this lock may have changed threads
    if (bytes > limit - taken) {
      throw new OutOfDeviceMemory(space(), bytes, limit - taken);
    }
    try {
      long address = CudaDriver.allocate(bytes);
      taken += bytes;
      return address;
    } catch (CudaException e) {
      throw e.isOutOfMemory() ? new OutOfDeviceMemory(space(), bytes, CudaDriver.memory().free()) : e;
    }
  }

  /** Gives memory of {@link #allocate} back; waits for the device. */
  synchronized void free(long address, long bytes) {
    enter();
    CudaDriver.free(address);
    taken -= bytes;
  }

  /** Bytes that {@link #allocate} would give now. */
  synchronized long available() {
    enter();
    return Math.max(0, Math.min(limit - taken, CudaDriver.memory().free()));
  }

  /** The most bytes that the user allows to be taken. */
  long allowed() {
    return Math.min(limit, totalMemory());
  }

  private static long limit() {
    Long bytes = Long.getLong(Backends.DEVICE_MEMORY_PROPERTY, Long.MAX_VALUE);
    if (bytes < 0) {
      throw new InvalidArgument("system property " + Backends.DEVICE_MEMORY_PROPERTY + " is " + bytes
          + ", it must not be negative");
    }
    return bytes;
  }

  @Override
  public void close() {
    CudaDriver.releasePrimary(device);
  }
}
