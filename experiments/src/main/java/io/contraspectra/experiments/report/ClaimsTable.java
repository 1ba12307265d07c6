package io.contraspectra.experiments.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The claims as aligned text for a terminal, at most 110 columns wide. */
public final class ClaimsTable {
  private static final String GAP = "  ";
  private static final String INDENT = "  ";
  private static final char NO_BREAK = '\u00a0';
  private static final int LONGEST_ID = 18;
  private static final int VERDICT = "inconclusive".length();
  private static final int WIDTH = 110;

  private ClaimsTable() {}

  /** Columns claim, statement, measured, threshold and verdict; long texts are wrapped. Ends with a line feed. */
  public static String of(List<Claim> claims) {
    var widths = widths(claims);
    var table = new StringBuilder();
    append(table, widths, List.of(
        List.of("claim"), List.of("statement"), List.of("measured"), List.of("threshold"), List.of("verdict")));
    append(table, widths, widths.stream().map(width -> List.of("-".repeat(width))).toList());
    for (int i = 0; i < claims.size(); i++) {
      if (i > 0) {
        table.append('\n');
      }
      append(table, widths, cells(claims.get(i), widths));
    }
    return table.toString();
  }

  /** What identifiers and verdict leave is shared out by how much the texts tend to need. */
  private static List<Integer> widths(List<Claim> claims) {
    int id = claims.stream().mapToInt(claim -> claim.id().length()).max().orElse(0);
    int idWidth = Math.clamp(id, "claim".length(), LONGEST_ID);
    int room = WIDTH - idWidth - VERDICT - 4 * GAP.length();
    int statement = room * 37 / 100;
    int measured = room * 36 / 100;
    return List.of(idWidth, statement, measured, room - statement - measured, VERDICT);
  }

  private static List<List<String>> cells(Claim claim, List<Integer> widths) {
    return List.of(
        TextWrap.lines(claim.id(), widths.get(0)),
        TextWrap.lines(claim.statement(), widths.get(1)),
        claim.measurements().stream().flatMap(measurement -> measured(measurement, widths.get(2))).toList(),
        TextWrap.lines(claim.threshold(), widths.get(3)),
        List.of(claim.verdict().toString()));
  }

  /** Further lines are indented, so that one measurement can be told from the next. */
  private static Stream<String> measured(Measurement measurement, int width) {
    // Value and range stay on one line where that is long enough.
    String value = measurement.valueText();
    boolean fits = value.length() <= width - INDENT.length();
    String text = measurement.quantity() + " " + (fits ? value.replace(' ', NO_BREAK) : value);
    var lines = TextWrap.lines(text, width - INDENT.length());
    return Stream.concat(lines.stream().limit(1), lines.stream().skip(1).map(INDENT::concat))
        .map(line -> line.replace(NO_BREAK, ' '));
  }

  /** One row of the table, as many lines high as its highest cell. */
  private static void append(StringBuilder table, List<Integer> widths, List<List<String>> cells) {
    int height = cells.stream().mapToInt(List::size).max().orElse(0);
    for (int line = 0; line < height; line++) {
      int current = line;
      table.append(IntStream.range(0, cells.size())
          .mapToObj(column -> pad(current < cells.get(column).size() ? cells.get(column).get(current) : "",
              widths.get(column)))
          .collect(Collectors.joining(GAP))
          .stripTrailing()).append('\n');
    }
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
