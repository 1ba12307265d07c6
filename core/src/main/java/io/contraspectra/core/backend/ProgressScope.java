package io.contraspectra.core.backend;

import java.util.function.Supplier;

/** The listener of the computation that a thread is in. */
final class ProgressScope {

  private static final ScopedValue<Progress> LISTENER = ScopedValue.newInstance();

  private ProgressScope() {}

  static Progress current() {
    return LISTENER.orElse(Progress.NONE);
  }

  static <R> R call(Progress listener, Supplier<R> computation) {
    return ScopedValue.where(LISTENER, listener).call(computation::get);
  }
}
