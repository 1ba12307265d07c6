package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where and how to compute. */
final class BackendOptions {

  @Option(names = "--backend", paramLabel = "NAME", defaultValue = "auto",
      description = "auto, cpu or cuda (default ${DEFAULT-VALUE}).")
  private String backend = "auto";

  @Option(names = "--dtype", paramLabel = "TYPE", defaultValue = "f64",
      description = "Element type, f64 or f32 (default ${DEFAULT-VALUE}).")
  private DType dtype = DType.F64;

  @Option(names = "--threads", paramLabel = "N", description = "Threads (default: the processors of this machine).")
  private @Nullable Integer threads;

  @Option(names = "--memory", paramLabel = "SIZE", converter = MemorySize.class,
      description = "Budget for working memory, e.g. 4g or 512m (default: 60 %% of what is available).")
  private @Nullable Long memory;

  /** Opens the backend that was asked for; the caller must close it. */
  Backend open() {
    if (memory != null) {
      System.setProperty(Backends.DEVICE_MEMORY_PROPERTY, memory.toString());
    }
    return threads == null ? Backends.select(backend) : Backends.select(backend, threads);
  }

  DType dtype() {
    return dtype;
  }

  /** The budget in bytes. */
  long memoryBytes() {
    return memory != null ? memory : (long) (0.6 * MemorySize.available());
  }

  /**
   * Refuses work that would exceed the budget, before it starts.
   *
   * @param what the work, for the message
   * @param bytes what it needs
   */
  void requireMemory(String what, long bytes) {
    if (bytes > memoryBytes()) {
      throw new InvalidArgument(what + " needs " + MemorySize.text(bytes) + " of memory, the budget is "
          + MemorySize.text(memoryBytes()) + "; give --memory " + MemorySize.text(bytes)
          + " or more if the machine has it, or fewer samples");
    }
  }
}
