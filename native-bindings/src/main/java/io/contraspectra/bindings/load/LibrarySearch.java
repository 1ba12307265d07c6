package io.contraspectra.bindings.load;

import io.contraspectra.bindings.load.Attempt.Outcome;
import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One walk through the sources of a library, writing down each step. */
final class LibrarySearch {
  private final Function<SymbolLookup, Optional<String>> objection;
  private final List<Attempt> attempts = new ArrayList<>();

  LibrarySearch(Function<SymbolLookup, Optional<String>> objection) {
    this.objection = objection;
  }

  List<Attempt> attempts() {
    return attempts;
  }

  /** The first library that opens, or null; a failed binding source ends the walk. */
  @Nullable SymbolLookup through(List<? extends LibrarySource> sources) {
    for (var source : sources) {
      var symbols = through(source);
      if (symbols != null || source.isBinding()) {
        return symbols;
      }
    }
    return null;
  }

  private @Nullable SymbolLookup through(LibrarySource source) {
    try {
      var candidates = source.candidates();
      if (candidates.isEmpty()) {
        record(source, "", Outcome.ABSENT, source.absence());
      }
      for (var candidate : candidates) {
        var symbols = open(source, candidate);
        if (symbols != null) {
          return symbols;
        }
      }
    } catch (IOException e) {
      record(source, "", Outcome.FAILED, Reasons.of(e));
    }
    return null;
  }

  private @Nullable SymbolLookup open(LibrarySource source, Path candidate) {
    try {
      var symbols = DynamicLoader.open(candidate);
      var fault = objection.apply(symbols);
      if (fault.isEmpty()) {
        record(source, candidate.toString(), Outcome.LOADED, "loaded");
        return symbols;
      }
      record(source, candidate.toString(), Outcome.FAILED, fault.get());
    } catch (IOException e) {
      record(source, candidate.toString(), Outcome.FAILED, Reasons.of(e));
    } catch (IllegalCallerException e) {
      record(source, candidate.toString(), Outcome.FAILED, "this JVM denies native access");
      throw e;
    }
    return null;
  }

  private void record(LibrarySource source, String location, Outcome outcome, String detail) {
    attempts.add(new Attempt(source.description(), location, outcome, detail));
  }
}
