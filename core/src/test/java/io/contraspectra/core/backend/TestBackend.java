package io.contraspectra.core.backend;

import io.contraspectra.core.backend.cpu.CpuEngine;
import io.contraspectra.core.backend.cpu.KernelSet;
import io.contraspectra.core.backend.cuda.CudaEmulator;
import java.util.function.Supplier;

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
  /** The CUDA backend on a device emulated in C++; skipped with the reason where that cannot be compiled. */
  CUDA_EMULATED(CudaEmulator::engine);

  private final Supplier<Engine> engine;

  TestBackend(Supplier<Engine> engine) {
    this.engine = engine;
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
