package io.contraspectra.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablesTest {
  private final Report report = Examples.report();

  @Test
  void alignsClaimsForATerminal() {
    String table = ClaimsTable.of(report.claims());
    assertTrue(table.lines().allMatch(line -> line.length() <= 110), table);
    assertTrue(table.lines().noneMatch(line -> line.endsWith(" ")), table);
    List<String> lines = table.lines().toList();
    int verdict = lines.getFirst().indexOf("verdict");
    report.claims().forEach(claim -> assertEquals(claim.verdict().toString(), lines.stream()
        .filter(line -> line.startsWith(claim.id())).findFirst().orElseThrow().substring(verdict)));
    assertTrue(table.contains("-0.770 [-0.831, -0.742]"), table);
  }

  @Test
  void cutsWordsThatAreLongerThanTheirColumn() {
    var claim = new Claim("id".repeat(60), "w".repeat(300), List.of(Measurement.of("q".repeat(200), 1)), "t".repeat(99),
        Verdict.INCONCLUSIVE);
    String table = ClaimsTable.of(List.of(claim));
    assertTrue(table.lines().allMatch(line -> line.length() <= 110), table);
    assertEquals(300, table.chars().filter(character -> character == 'w').count());
  }

  @Test
  void writesClaimsThatCanBeReadBack() {
    List<NamedCsvRecord> rows = read(ClaimsCsv.of(report.claims()));
    assertEquals(report.claims().stream().map(Claim::statement).toList(),
        rows.stream().map(row -> row.getField("statement")).toList());
    var first = rows.getFirst();
    assertEquals("slope (digits relu cos-linear)", first.getField("quantity"));
    assertEquals(-0.77, Double.parseDouble(first.getField("value")));
    assertEquals(-0.831, Double.parseDouble(first.getField("low")));
    assertEquals(-0.742, Double.parseDouble(first.getField("high")));
    assertEquals(report.claims().getFirst().measuredText(), first.getField("measured"));
    assertEquals("holds", first.getField("verdict"));
    assertEquals(Double.POSITIVE_INFINITY, Double.parseDouble(rows.get(1).getField("value")));
    assertEquals("", rows.get(1).getField("low"));
    assertEquals("", rows.get(2).getField("value"));
  }

  @Test
  void writesEveryPointOfAFigure() {
    Series law = Examples.law();
    List<NamedCsvRecord> rows = read(FigureCsv.of(Examples.figure(law, Examples.diverging())));
    assertEquals(8, rows.size());
    List<Point> points = rows.stream().limit(4).map(TablesTest::point).toList();
    assertEquals(law.points(), points);
    assertEquals(Examples.diverging().points(), rows.stream().skip(4).map(TablesTest::point).toList());
  }

  @Test
  void writesEveryCellOfATable() {
    List<NamedCsvRecord> rows = read(TableCsv.of(Examples.table()));
    assertEquals(List.of("InfoNCE", "InfoNCE", "a < b", "a < b"), rows.stream().map(row -> row.getField("row")).toList());
    assertEquals("accuracy (%)", rows.getFirst().getField("column"));
    assertEquals(96.2, Double.parseDouble(rows.getFirst().getField("value")));
    assertEquals(95, Double.parseDouble(rows.getFirst().getField("low")));
    assertEquals(97, Double.parseDouble(rows.getFirst().getField("high")));
  }

  @Test
  void refusesRowsThatDoNotFit() {
    var row = new Table.Row("short", List.of());
    assertThrows(IllegalArgumentException.class,
        () -> new Table("name", "title", "caption", List.of("one"), List.of(row)));
    assertThrows(IllegalArgumentException.class, () -> new Table("a/b", "title", "caption", List.of(), List.of()));
  }

  private static Point point(NamedCsvRecord row) {
    return new Point(Double.parseDouble(row.getField("x")), Double.parseDouble(row.getField("y")),
        Double.parseDouble(row.getField("low")), Double.parseDouble(row.getField("high")));
  }

  private static List<NamedCsvRecord> read(String csv) {
    return CsvReader.builder().ofNamedCsvRecord(csv).stream().toList();
  }
}
