package io.contraspectra.experiments.paper;

import io.contraspectra.core.matrix.InvalidArgument;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The text of one kept cell: what it is a cell of, a number and its quantity a line, and the digest of all that. Java
 * writes doubles with as many digits as it takes to read the same bits again.
 */
final class CellFile {

  private static final String FORMAT = "contraspectra cell 1";
  private static final String VALUES = "values";
  private static final String DIGEST = "sha256 ";

  private final String header;

  /**
   * The file of a cell.
   *
   * @param settings everything that its numbers depend on, by name
   * @param cell its name
   */
  CellFile(Map<String, String> settings, String cell) {
    this.header = FORMAT + "\n"
        + settings.entrySet().stream().map(e -> line(e.getKey() + ": " + e.getValue())).collect(Collectors.joining())
        + line("cell: " + cell) + VALUES + "\n";
  }

  /** The same for equal settings and cells, another one otherwise. */
  String stem() {
    return digest(header).substring(0, 32);
  }

  String text(Measured.Sheet sheet) {
    String content = header + sheet.values().entrySet().stream()
        .map(e -> line(e.getValue() + " " + e.getKey())).collect(Collectors.joining());
    return content + DIGEST + digest(content) + "\n";
  }

  /**
   * The numbers in a text.
   *
   * @throws InvalidArgument if it is not whole or not this cell's; says which
   */
  Measured.Sheet read(String text) {
    int end = text.lastIndexOf(DIGEST);
    if (end < 0 || !text.substring(end).equals(DIGEST + digest(text.substring(0, end)) + "\n")) {
      throw new InvalidArgument("it is damaged");
    }
    if (!text.startsWith(header)) {
      throw new InvalidArgument("it is of another run");
    }
    var sheet = new Measured.Sheet();
    List<String> lines = text.substring(header.length(), end).lines().toList();
    for (String line : lines) {
      int space = line.indexOf(' ');
      sheet.put(line.substring(space + 1), Double.parseDouble(line.substring(0, space)));
    }
    return sheet;
  }

  private static String line(String text) {
    if (text.lines().count() > 1) {
      throw new IllegalArgumentException("a cell keeps names of one line each, not: " + text);
    }
    return text + "\n";
  }

  private static String digest(String text) {
    try {
      return HexFormat.of().formatHex(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
