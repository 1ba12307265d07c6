package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.Work;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where and how to compute. */
final class BackendOptions {

  private static final String AUTO = "auto";
  private static final String PROCESSORS = "cpu";
  private static final String DEVICE = "cuda";

  /** How a device rounds the factors of f32 products. */
  enum Rounding { EXACT, TF32 }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(names = "--backend", paramLabel = "NAME", defaultValue = AUTO,
      description = "auto, cpu or cuda (default ${DEFAULT-VALUE}).")
  private String backend = AUTO;

  @Option(names = "--dtype", paramLabel = "TYPE", defaultValue = "f64",
      description = "Element type, f64 or f32 (default ${DEFAULT-VALUE}).")
  private DType dtype = DType.F64;

  @Option(names = "--math", paramLabel = "MODE",
      description = "Products of f32 on a GPU: exact (default), or tf32, which keeps 10 bits of their factors: faster,"
          + " with relative errors near 3e-4. Needs --backend cuda --dtype f32.")
  private @Nullable Rounding math;

  @Option(names = "--threads", paramLabel = "N", description = "Threads (default: the processors of this machine).")
  private @Nullable Integer threads;

  @Option(names = "--memory", paramLabel = "SIZE", converter = MemorySize.class,
      description = "Budget for working memory, the machine's and a device's, e.g. 4g or 512m (default: 60 %% of what is"
          + " available, and what is free of a device).")
  private @Nullable Long memory;

  private long deviceBytes = Long.MAX_VALUE;

  /** Opens the backend that was asked for, for work of unknown size; the caller must close it. */
  Backend open() {
    return open(Work.UNKNOWN);
  }

  /**
   * Opens the backend that was asked for; the caller must close it. Where {@code auto} takes a device, it says so.
   *
   * @param work what it is for
   */
  Backend open(Work work) {
    if (memory != null) {
      System.setProperty(Backends.DEVICE_MEMORY_PROPERTY, memory.toString());
    }
    if (math != null) {
      requireSense(math);
      System.setProperty(Backends.DEVICE_MATH_PROPERTY, math.name().toLowerCase(Locale.ROOT));
    }
    Backend opened = Backends.select(backend, threads(), work);
    deviceBytes = opened.available();
    if (backend.equals(AUTO) && !opened.name().equals(PROCESSORS)) {
      command.commandLine().getErr().println("auto takes " + opened.describe() + " ("
          + Backends.estimates(work, threads()) + ")");
    }
    return opened;
  }

  private void requireSense(Rounding mode) {
    if (mode == Rounding.TF32 && !(backend.equals(DEVICE) && dtype == DType.F32)) {
      throw new InvalidArgument("--math tf32 rounds products of f32 on a GPU; give --backend cuda --dtype f32 with it,"
          + " or leave it out");
    }
  }

  /** The processors of this machine, for what does not fit into a device; the caller must close it. */
  Backend openHost() {
    return Backends.cpu(threads());
  }

  private int threads() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  DType dtype() {
    return dtype;
  }

  /** The budget in bytes of the backend that is open. */
  long memoryBytes() {
    return Math.min(hostBytes(), deviceBytes);
  }

  /** The budget in bytes of the machine itself. */
  long hostBytes() {
    return memory != null ? memory : (long) (0.6 * MemorySize.available());
  }

  /**
   * Refuses work that would exceed the budget, before it starts.
   *
   * @param what the work, for the message
   * @param bytes what it needs
   */
  void requireMemory(String what, long bytes) {
    requireMemory(what, bytes, memoryBytes());
  }

  /** As {@link #requireMemory}, of the machine itself. */
  void requireHostMemory(String what, long bytes) {
    requireMemory(what, bytes, hostBytes());
  }

  private static void requireMemory(String what, long bytes, long budget) {
    if (bytes > budget) {
      throw new InvalidArgument(what + " needs " + MemorySize.text(bytes) + " of memory, the budget is "
          + MemorySize.text(budget) + "; give --memory " + MemorySize.text(bytes)
          + " or more if the machine has it, or fewer samples");
    }
  }
}
