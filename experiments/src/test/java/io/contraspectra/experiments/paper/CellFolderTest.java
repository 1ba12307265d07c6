package io.contraspectra.experiments.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellFolderTest {

  private static final SequencedMap<String, String> SETTINGS = new LinkedHashMap<>(Map.of("seed", "0"));

  @TempDir
  private Path report;

  private final List<String> notices = new ArrayList<>();

  @Test
  void everyDoubleComesBackBitForBit() {
    var sheet = new Measured.Sheet();
    double[] values = {Math.PI, 0.1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Math.nextUp(1.0)};
    for (double value : values) {
      sheet.put("quantity with = and spaces " + sheet.values().size(), value);
    }
    folder(SETTINGS, false).keep("a", sheet);
    Measured.Sheet found = folder(SETTINGS, false).find(List.of("a", "b")).get("a");
    assertEquals(List.copyOf(sheet.values().keySet()), List.copyOf(found.values().keySet()));
    assertEquals(bits(sheet), bits(found));
    assertEquals(1, notices.size());
    assertTrue(notices.getFirst().startsWith("going on: 1 of 2 cells are in "), notices::toString);
  }

  @Test
  void cellsOfOtherSettingsAreNotFound() {
    folder(SETTINGS, false).keep("a", sheet(1));
    var other = new LinkedHashMap<>(Map.of("seed", "1"));
    assertEquals(Map.of(), folder(other, false).find(List.of("a")));
    assertTrue(notices.getLast().startsWith("starting afresh: "), notices::toString);
    assertTrue(folder(SETTINGS, false).find(List.of("a")).containsKey("a"), "they are still there");
  }

  @Test
  void damagedAndForeignCellsAreNamedInOneLineAndNotUsed() throws IOException {
    CellFolder first = folder(SETTINGS, false);
    first.keep("a", sheet(1));
    Path a = onlyCell();
    first.keep("b", sheet(2));
    first.keep("c", sheet(3));
    List<Path> others = cells().filter(cell -> !cell.equals(a)).toList();
    Files.writeString(a, Files.readString(a).replace("1.0 q", "7.0 q"));
    Files.copy(others.getFirst(), others.getLast(), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(1, folder(SETTINGS, false).find(List.of("a", "b", "c")).size());
    String line = notices.getLast();
    assertTrue(line.startsWith("2 of the cells in ") && line.contains(a.getFileName() + ": it is damaged"), line);
    for (byte[] content : new byte[][] {{}, {(byte) 0xff, 0}, "sha256 ".getBytes()}) {
      Files.write(a, content);
      assertFalse(folder(SETTINGS, false).find(List.of("a")).containsKey("a"));
    }
  }

  @Test
  void freshOnesDropWhatIsThereOnceTheyKeepSomething() {
    folder(SETTINGS, false).keep("a", sheet(1));
    CellFolder fresh = folder(SETTINGS, true);
    assertEquals(Map.of(), fresh.find(List.of("a")));
    fresh.keep("b", sheet(2));
    assertEquals(1, folder(SETTINGS, false).find(List.of("a", "b")).size());
  }

  @Test
  void theFolderGoesWithTheEndOfTheRun() throws IOException {
    CellFolder cells = folder(SETTINGS, false);
    assertFalse(CellFolder.isUnfinished(report));
    cells.keep("a", sheet(1));
    assertTrue(CellFolder.isUnfinished(report));
    assertTrue(Files.readString(report.resolve("cells/unfinished.txt")).contains("the command"));
    cells.close();
    assertFalse(Files.exists(report.resolve("cells")));
    cells.open();
    Files.writeString(report.resolve("cells/mine.txt"), "not ours to remove");
    cells.close();
    assertFalse(CellFolder.isUnfinished(report));
    assertTrue(Files.exists(report.resolve("cells/mine.txt")));
  }

  @Test
  void namesAreOneLine() {
    CellFolder cells = folder(SETTINGS, false);
    assertThrows(IllegalArgumentException.class, () -> cells.keep("a\nb", sheet(1)));
  }

  @Test
  void aFolderThatCannotBeCreatedIsNamedWithARemedy() throws IOException {
    Path file = Files.createFile(report.resolve("file"));
    var cells = new CellFolder(file, SETTINGS, "the command", false, notices::add);
    String text = assertThrows(UncheckedIOException.class, () -> cells.keep("a", sheet(1))).getMessage();
    assertEquals(
        file.resolve("cells") + " cannot be created; choose a place for the report that you may write to", text);
  }

  private CellFolder folder(SequencedMap<String, String> settings, boolean fresh) {
    return new CellFolder(report, settings, "the command", fresh, notices::add);
  }

  private Path onlyCell() throws IOException {
    return cells().toList().getFirst();
  }

  private Stream<Path> cells() throws IOException {
    try (Stream<Path> files = Files.list(report.resolve("cells"))) {
      return files.filter(file -> file.toString().endsWith(".cell")).toList().stream();
    }
  }

  private static Measured.Sheet sheet(double value) {
    var sheet = new Measured.Sheet();
    sheet.put("q", value);
    return sheet;
  }

  private static List<Long> bits(Measured.Sheet sheet) {
    return sheet.values().values().stream().map(Double::doubleToLongBits).toList();
  }
}
