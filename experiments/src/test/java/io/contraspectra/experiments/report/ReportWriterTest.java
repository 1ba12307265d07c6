package io.contraspectra.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.InvalidArgument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
  private static final Function<Figure, RenderedFigure> FAKE = _ -> new RenderedFigure("<svg/>", new byte[] {1, 2});

  @TempDir
  private Path folder;

  private final List<String> warnings = new ArrayList<>();
  private final Report report = Examples.report(Examples.figure(Examples.law()));

  @Test
  void writesAllFilesIntoANewFolder() throws IOException {
    Path out = folder.resolve("deep/out");
    List<Path> files = ReportWriter.write(report, out, false, warnings::add);
    assertEquals(List.of("report.html", "results.json", "claims.csv", "losses.csv", "drift-by-width.csv",
        "drift-by-width.svg", "drift-by-width.png"), files.stream().map(file -> file.getFileName().toString()).toList());
    assertEquals(files.stream().sorted().toList(), list(out));
    assertEquals(List.of(), warnings);
  }

  @Test
  void refusesBeforeItWritesAnythingIfAFileExists() throws IOException {
    for (String name : List.of("report.html", "drift-by-width.png")) {
      Path existing = Files.writeString(folder.resolve(name), "old");
      assertThrows(InvalidArgument.class, () -> ReportWriter.write(report, folder, false, warnings::add, FAKE));
      assertEquals(List.of(existing), list(folder));
      assertEquals("old", Files.readString(existing));
      Files.delete(existing);
    }
  }

  @Test
  void replacesFilesIfForced() throws IOException {
    Files.writeString(folder.resolve("report.html"), "old");
    ReportWriter.write(report, folder, true, warnings::add, FAKE);
    assertTrue(Files.readString(folder.resolve("report.html")).startsWith("<!DOCTYPE html>"));
  }

  @Test
  void canRefuseBeforeAnExperimentStarts() throws IOException {
    ReportWriter.checkWritable(folder.resolve("missing"), false);
    ReportWriter.checkWritable(folder, false);
    Path file = Files.writeString(folder.resolve("results.json"), "old");
    assertThrows(InvalidArgument.class, () -> ReportWriter.checkWritable(folder, false));
    ReportWriter.checkWritable(folder, true);
    assertThrows(InvalidArgument.class, () -> ReportWriter.checkWritable(file, true));
  }

  @Test
  void writesEverythingButPicturesWithoutFonts() throws IOException {
    Report two = Examples.report(Examples.figure(Examples.law()),
        new Figure("other", "Other", "", Examples.WIDTH, Examples.DRIFT, List.of(Examples.law())));
    for (Error failure : List.of(new InternalError("Fontconfig head is null"), new NoClassDefFoundError("sun.font"),
        new UnsatisfiedLinkError("libfreetype.so.6"), new Error("No physical fonts found"))) {
      warnings.clear();
      List<Path> files = ReportWriter.write(two, folder, true, warnings::add, _ -> {
        throw failure;
      });
      assertEquals(List.of("report.html", "results.json", "claims.csv", "losses.csv", "drift-by-width.csv",
              "other.csv"), files.stream().map(file -> file.getFileName().toString()).toList());
      assertEquals(1, warnings.size());
      assertTrue(warnings.getFirst().contains("fontconfig and fonts-dejavu-core"), warnings::toString);
      assertTrue(warnings.getFirst().contains(failure.getMessage()), warnings::toString);
    }
  }

  @Test
  void tellsFontCodeByItsStackTrace() {
    var failure = new RuntimeException("Fontconfig head is null");
    failure.setStackTrace(new StackTraceElement[] {new StackTraceElement("sun.font.FontManager", "get", null, 1)});
    Pictures.of(report.figures(), _ -> {
      throw failure;
    }, warnings::add);
    assertTrue(warnings.getFirst().contains("fonts-dejavu-core"), warnings::toString);
  }

  @Test
  void losesOneFigureOnlyToAnyOtherFailure() throws IOException {
    Report two = Examples.report(Examples.figure(Examples.law()),
        new Figure("broken", "Broken", "", Examples.WIDTH, Examples.DRIFT, List.of()));
    ReportWriter.write(two, folder, false, warnings::add, figure -> {
      if (figure.name().equals("broken")) {
        throw new IllegalStateException("no such tick");
      }
      return FAKE.apply(figure);
    });
    assertEquals(List.of("figure broken is not drawn (no such tick); its numbers are in broken.csv"), warnings);
    assertTrue(Files.exists(folder.resolve("drift-by-width.png")));
    assertTrue(Files.exists(folder.resolve("broken.csv")));
  }

  @Test
  void refusesFiguresThatWouldReplaceOtherFiles() throws IOException {
    Figure claims = new Figure("claims", "Claims", "", Examples.WIDTH, Examples.DRIFT, List.of());
    assertThrows(IllegalArgumentException.class,
        () -> ReportWriter.write(Examples.report(claims), folder, true, warnings::add, FAKE));
    assertEquals(List.of(), list(folder));
  }

  @Test
  void leavesNothingBehindIfDrawingIsCutShort() throws IOException {
    assertThrows(OutOfMemoryError.class, () -> ReportWriter.write(report, folder, false, warnings::add, _ -> {
      throw new OutOfMemoryError("a test's");
    }));
    assertEquals(List.of(), list(folder));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
