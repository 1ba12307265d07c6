package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.experiments.paper.ExperimentSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/** What the cells of a reproduction depend on: cells of a run that differs in any of this are never taken over. */
final class ReproductionCells {

  private ReproductionCells() {}

  /** Every setting by name, as text of one line. */
  static SequencedMap<String, String> settings(String experiment, ExperimentSettings asked, Backend backend) {
    var settings = new LinkedHashMap<String, String>();
    settings.put("experiment", experiment);
    settings.put("version", Version.current() + ", " + code(ReproductionCells.class) + " " + code(Backend.class));
    settings.put("java", System.getProperty("java.vm.version", "unknown"));
    settings.put("backend", backend.describe());
    settings.put("dtype", asked.dtype().name().toLowerCase(Locale.ROOT));
    settings.put("data", asked.data().map(ReproductionCells::data).orElse("the experiment's own"));
    settings.put("seeds", Integer.toString(asked.seeds()));
    settings.put("seed", Long.toString(asked.seed()));
    settings.put("quick", Boolean.toString(asked.quick()));
    return settings;
  }

  /** A version under development has many builds; a jar is told by its content, loose classes are not told apart. */
  private static String code(Class<?> part) {
    CodeSource source = part.getProtectionDomain().getCodeSource();
    try {
      Path jar = source == null ? null : Path.of(source.getLocation().toURI());
      return jar != null && Files.isRegularFile(jar) ? digest(jar) : "classes";
    } catch (URISyntaxException e) {
      return "classes";
    }
  }

  private static String data(String name) {
    Path file = Path.of(name);
    return Files.isRegularFile(file) ? digest(file) : name;
  }

  private static String digest(Path file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
