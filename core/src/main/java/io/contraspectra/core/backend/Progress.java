package io.contraspectra.core.backend;

import java.util.function.Supplier;

/**
 * Told how far a long piece of work has come. Calls come from one thread at a time, between tiles or iterations. A
 * listener ends the work by throwing: no further tile starts and the exception reaches the caller.
 */
@FunctionalInterface
public interface Progress {

  /** Listens to nothing. */
  Progress NONE = (done, total) -> {};

  /**
   * Work has advanced.
   *
   * @param done units finished so far, from 0
   * @param total units in all, at least {@code done}; an estimate where the end is not known
   */
  void advanced(double done, double total);

  /** Who listens to what the calling thread computes: the listener of {@link #listening}, or {@link #NONE}. */
  static Progress current() {
    return ProgressScope.current();
  }

  /**
   * Runs a computation of several long parts, such as a search for neighbours and an eigenproblem of their graph, none
   * of which was given a listener of its own. Each part counts from 0.
   *
   * @param computation runs on the calling thread
   * @return what the computation returns
   */
  static <R> R listening(Progress listener, Supplier<R> computation) {
    return ProgressScope.call(listener, computation);
  }
}
