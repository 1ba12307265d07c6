package io.contraspectra.core.architecture;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What one room of the house may know of the others. */
final class HouseRules {

  /** A room knows the rooms before it, and no other. */
  static final List<String> ORDER = List.of("bindings", "matrix", "random", "backend", "operator", "optimize",
      "network", "jacobian", "ntk", "graph", "loss", "manifold", "spectral", "mixture", "data", "evaluate", "training");

  private static final String ENGINES = "io.contraspectra.core.backend.";
  private static final Pattern DEVICE = Pattern.compile("cuda|gpu|cublas|cusolver|openblas|lapack|\\bcpu\\b");
  private static final Pattern SEGMENTS = Pattern.compile("java\\.lang\\.foreign");
  private static final Pattern HOST = Pattern.compile("\\bHostMemory\\b|\\.segment\\(\\)");

  private HouseRules() {}

  /** Everything that a source does and should not. */
  static List<String> violations(SourceFile file) {
    if (!ORDER.contains(file.room())) {
      return List.of(file.name() + ": room '" + file.room() + "' has no place in the order of the house");
    }
    Stream<String> upward = file.packages().stream()
        .filter(name -> ORDER.indexOf(SourceFile.room(name)) > ORDER.indexOf(file.room()))
        .map(name -> file.name() + " looks up to " + name);
    return Stream.concat(upward, isAboveBackend(file) ? aboveBackend(file) : Stream.of()).toList();
  }

  // No algorithm names a device, or looks into the memory of one.
  private static Stream<String> aboveBackend(SourceFile file) {
    Stream<String> engines = file.packages().stream()
        .filter(name -> name.startsWith(ENGINES) || SourceFile.room(name).equals("bindings"))
        .map(name -> file.name() + " reaches behind the backend, into " + name);
    Stream<String> words = Stream.of(
            first(DEVICE, file.code().toLowerCase(Locale.ROOT)),
            first(HOST, file.code()),
            mayUseSegments(file) ? Optional.<String>empty() : first(SEGMENTS, file.code()))
        .flatMap(Optional::stream)
        .map(word -> file.name() + " names " + word);
    return Stream.concat(engines, words);
  }

  private static boolean isAboveBackend(SourceFile file) {
    return ORDER.indexOf(file.room()) > ORDER.indexOf("backend");
  }

  // Files are mapped into segments and copied from there.
  private static boolean mayUseSegments(SourceFile file) {
    return file.room().equals("data");
  }

  private static Optional<String> first(Pattern pattern, String code) {
    return pattern.matcher(code).results().map(match -> "'" + match.group() + "'").findFirst();
  }
}
