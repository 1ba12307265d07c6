package io.contraspectra.core.backend;

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
}
