package io.contraspectra.experiments.report;

import io.contraspectra.core.data.AtomicFile;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.matrix.InvalidArgument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Turns a report into a folder: {@code report.html}, {@code results.json}, {@code claims.csv}, for every table its
 * numbers (CSV), and for every figure its numbers and pictures (SVG and PNG).
 */
public final class ReportWriter {

  /** The page in a report's folder. */
  public static final String PAGE = "report.html";

  private static final String RESULTS = "results.json";
  private static final String CLAIMS = "claims.csv";

  private ReportWriter() {}

  /**
   * Writes all files, each one whole or not at all. Everything is rendered before the first is written.
   *
   * @param directory created if it does not exist
   * @param force whether existing files may be replaced
   * @param warnings told what could not be drawn
   * @return the files, {@code report.html} first
   * @throws InvalidArgument if a file exists and may not be replaced; then nothing has been written
   * @throws UncheckedIOException if the system cannot write
   */
  public static List<Path> write(Report report, Path directory, boolean force, Consumer<String> warnings) {
    return write(report, directory, force, warnings, FigureRenderer::render);
  }

  /**
   * Throws what {@link #write} would throw for the files that every report has, so that a long experiment can refuse
   * before it starts. Touches nothing.
   *
   * @throws InvalidArgument if one exists and may not be replaced, or the directory is a file
   */
  public static void checkWritable(Path directory, boolean force) {
    if (Files.exists(directory)) {
      check(directory, List.of(PAGE, RESULTS, CLAIMS), force);
    }
  }

  static List<Path> write(Report report, Path directory, boolean force, Consumer<String> warnings,
      Function<Figure, RenderedFigure> draw) {
    checkWritable(directory, force);
    Map<String, byte[]> files = render(report, Pictures.of(report.figures(), draw, warnings));
    create(directory);
    check(directory, files.keySet(), force);
    files.forEach((name, content) ->
        AtomicFile.write(directory.resolve(name), ifExists(force), out -> out.write(content)));
    return files.keySet().stream().map(directory::resolve).toList();
  }

  private static Map<String, byte[]> render(Report report, Map<String, RenderedFigure> pictures) {
    var files = new LinkedHashMap<String, byte[]>();
    add(files, PAGE, bytes(ReportHtml.of(report, pictures)));
    add(files, RESULTS, bytes(ResultsJson.of(report)));
    add(files, CLAIMS, bytes(ClaimsCsv.of(report.claims())));
    for (Table table : report.tables()) {
      add(files, table.name() + ".csv", bytes(TableCsv.of(table)));
    }
    for (Figure figure : report.figures()) {
      add(files, figure.name() + ".csv", bytes(FigureCsv.of(figure)));
      RenderedFigure picture = pictures.get(figure.name());
      if (picture != null) {
        add(files, figure.name() + ".svg", bytes(picture.svg()));
        add(files, figure.name() + ".png", picture.png());
      }
    }
    return files;
  }

  private static void add(Map<String, byte[]> files, String name, byte[] content) {
    if (files.put(name, content) != null) {
      throw new IllegalArgumentException("report: two parts of it would be written to " + name + "; rename a figure or table");
    }
  }

  private static void check(Path directory, Iterable<String> names, boolean force) {
    if (!Files.isDirectory(directory)) {
      throw new InvalidArgument(directory + " is a file; choose a folder for the report");
    }
    names.forEach(name -> AtomicFile.checkWritable(directory.resolve(name), ifExists(force)));
  }

  /** Creates a folder and those above it, where they are missing. */
  public static void create(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(
          directory + " cannot be created; choose a place for the report that you may write to", e);
    }
  }

  private static IfExists ifExists(boolean force) {
    return force ? IfExists.REPLACE : IfExists.REFUSE;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
