package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaException;
import io.contraspectra.bindings.cuda.CudaStreams;
import io.contraspectra.core.matrix.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kernels of both element types on one device, loaded at first use. Safe for use by any thread. */
final class Kernels implements AutoCloseable {

  private final KernelCache cache;
  private final int multiprocessors;
  private final Map<DType, Long> modules = new EnumMap<>(DType.class);
  private final Map<DType, Map<String, Long>> functions = new EnumMap<>(DType.class);

  Kernels(Device device) {
    this.cache = new KernelCache(device.capability());
    this.multiprocessors = device.multiprocessors();
  }

  /** Loads the kernels of an element type, so that a device or compiler that is not up to them shows at once. */
  synchronized void require(DType dtype) {
    modules.computeIfAbsent(dtype, this::load);
  }

  /** A launch of the kernel {@code name} for an element type, to be given its arguments. */
  Launch launch(Lane lane, DType dtype, String name) {
    return new Launch(lane, function(dtype, name), name, multiprocessors);
  }

  private synchronized long function(DType dtype, String name) {
    long module = modules.computeIfAbsent(dtype, this::load);
    return functions.computeIfAbsent(dtype, unused -> new HashMap<>())
        .computeIfAbsent(name, unused -> CudaStreams.function(module, name));
  }

  // Code in the cache that the device refuses is compiled anew.
  private long load(DType dtype) {
    String source = KernelSource.text();
    List<String> options = KernelSource.options(dtype);
    try {
      return load(cache.image(source, options, false));
    } catch (CudaException e) {
      return load(cache.image(source, options, true));
    }
  }

  private static long load(byte[] image) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(image.length + 1L, Long.BYTES);
      MemorySegment.copy(image, 0, copy, ValueLayout.JAVA_BYTE, 0, image.length);
      return CudaStreams.loadModule(copy);
    }
  }

  @Override
  public synchronized void close() {
    modules.values().forEach(CudaStreams::unloadModule);
    modules.clear();
    functions.clear();
  }
}
