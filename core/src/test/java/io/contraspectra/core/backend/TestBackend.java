package io.contraspectra.core.backend;

import java.util.function.Supplier;

/**
 * The backends that every golden case and the contract suite run on. A new engine is one line here. Tests reach them
 * through {@link EveryBackend}, jqwik properties through {@code @ForAll TestBackend}.
 */
public enum TestBackend {
  REFERENCE(ReferenceEngine::new),
  OPAQUE_REFERENCE(() -> new OpaqueEngine(new ReferenceEngine()));

  private final Supplier<Engine> engine;

  TestBackend(Supplier<Engine> engine) {
    this.engine = engine;
  }

  /** A new backend, which the caller must close. */
  public Backend open() {
    return new Backend(engine.get());
  }
}
