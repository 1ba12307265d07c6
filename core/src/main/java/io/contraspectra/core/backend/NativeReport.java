package io.contraspectra.core.backend;

import io.contraspectra.bindings.load.Attempt;
import java.util.List;

/**
 * How the loading of one native library went.
 *
 * @param library its name, e.g. {@code openblas}
 * @param attempts every source that was tried, in order, with what came of it
 * @param details configuration of the library that was loaded; empty if none was
 */
public record NativeReport(String library, List<Attempt> attempts, String details) {

  public NativeReport {
    attempts = List.copyOf(attempts);
  }
}
