package io.contraspectra.core.backend;

import io.contraspectra.core.backend.cpu.CpuEngine;
import io.contraspectra.core.backend.cpu.KernelSet;
import io.contraspectra.core.backend.cuda.CudaEmulator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The backends that every golden case and the contract suite run on. A new engine is one line here. Tests reach them
 * through {@link EveryBackend}, jqwik properties through {@code @ForAll TestBackend}.
 */
public enum TestBackend {
  REFERENCE(ReferenceEngine::new),
  OPAQUE_REFERENCE(() -> new OpaqueEngine(new ReferenceEngine())),
  CPU_VECTOR(() -> cpu(KernelSet.best())),
  CPU_PLAIN(() -> cpu(KernelSet.PLAIN)),
  OPAQUE_CPU(() -> new OpaqueEngine(cpu(KernelSet.best()))),
  /** The CUDA backend on a device emulated in C++, or on the real one; skipped with the reason where there is none. */
  CUDA_EMULATED(CudaEmulator::engine);

  private final Supplier<Engine> engine;

  TestBackend(Supplier<Engine> engine) {
    this.engine = engine;
  }

  /** Those that tests run on: all, or the machine's own device alone where that is what is tested. */
  static Stream<Enum<?>> chosen() {
    return Boolean.getBoolean(CudaEmulator.REAL_PROPERTY) ? Stream.of(CUDA_EMULATED) : Stream.of(values());
  }

  /** A new backend, which the caller must close. */
  public Backend open() {
    return new Backend(engine.get());
  }

  // More threads than a small machine has processors, so that tiles meet other tiles on every machine.
  private static Engine cpu(KernelSet kernels) {
    return new CpuEngine(3, kernels);
  }
}
