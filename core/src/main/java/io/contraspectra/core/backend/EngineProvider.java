package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.BackendUnavailable;
import java.util.List;

/** Offers one kind of engine to {@link Backends}; found as a service, so that no device is known by name above it. */
public interface EngineProvider {

  /** The name by which users ask for it, e.g. {@code cpu}. */
  String name();

  /**
   * A rough estimate of the seconds that work takes from the opening of the engine on, by what such engines usually do;
   * nothing is opened or measured. {@code auto} tries the provider of the smallest estimate first.
   *
   * @param threads threads that work at once for one caller, where the engine computes on processors
   */
  double seconds(Work work, int threads);

  /** How {@link #seconds} estimates, in words, e.g. {@code flops / (20 Gflop/s a thread)}. */
  String rule();

  /**
   * Opens an engine.
   *
   * @param threads threads that work at once for one caller, where the engine computes on processors
   * @throws BackendUnavailable if it cannot run here; the message says why
   */
  Engine open(int threads);

  /** What was tried to load the libraries behind it; loads them if that has not happened yet. */
  List<NativeReport> reports();
}
