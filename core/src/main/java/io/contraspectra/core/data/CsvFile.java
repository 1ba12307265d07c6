package io.contraspectra.core.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.contraspectra.core.matrix.InvalidData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads comma-separated numbers. A first row that holds a name is the header; its column {@code label}, if there is
 * one, holds the classes. Everything else must be a finite decimal number.
 */
final class CsvFile {

  private static final String LABEL = "label";
  private static final int NO_LABEL = -1;
  // A first row with one of these is data with a hole, not a header.
  private static final Set<String> MISSING = Set.of("na", "n/a", "nan", "null", "none", "inf", "infinity");

  private final String name;
  private final List<double[]> rows = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();
  private List<String> header = List.of();
  private int labelColumn = NO_LABEL;
  private int width = -1;

  private CsvFile(String name) {
    this.name = name;
  }

  /**
   * Reads all rows.
   *
   * @param name the file, for messages
   * @throws IOException if the stream fails
   */
  static LabelledData read(String name, InputStream in) throws IOException {
    var file = new CsvFile(name);
    // Rows of unequal length are reported here, with their line.
    var builder = CsvReader.builder().detectBomHeader(true).allowMissingFields(true).allowExtraFields(true);
    try (CsvReader<CsvRecord> records = builder.ofCsvRecord(in, StandardCharsets.UTF_8)) {
      for (CsvRecord row : records) {
        file.add(row.getStartingLineNumber(), row.getFields());
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new InvalidData(name + " is not a CSV file: " + e.getMessage() + "; check quotes and separators", e);
    }
    return file.data();
  }

  private LabelledData data() {
    if (rows.isEmpty()) {
      throw new InvalidData(name + " holds no rows of numbers; a CSV file needs one sample a line");
    }
    int[] classes = labels.stream().mapToInt(Integer::intValue).toArray();
    return LabelledData.of(name, rows, labelColumn == NO_LABEL ? null : classes);
  }

  private void add(long line, List<String> fields) {
    if (width < 0) {
      width = fields.size();
      if (fields.stream().anyMatch(CsvFile::isName)) {
        readHeader(line, fields);
        return;
      }
    }
    if (fields.size() != width) {
      throw new InvalidData(name + ", line " + line + ": " + fields.size() + " columns, the lines before have " + width
          + "; give every line the same number of columns");
    }
    addSample(line, fields);
  }

  private void readHeader(long line, List<String> fields) {
    header = fields.stream().map(String::strip).toList();
    labelColumn = header.indexOf(LABEL);
    if (labelColumn != header.lastIndexOf(LABEL)) {
      throw new InvalidData(name + ", line " + line + ": two columns are named 'label'; rename one");
    }
  }

  private void addSample(long line, List<String> fields) {
    var sample = new double[labelColumn == NO_LABEL ? width : width - 1];
    int at = 0;
    for (int column = 0; column < width; column++) {
      double value = number(line, column, fields.get(column));
      if (column == labelColumn) {
        labels.add(label(line, value));
      } else {
        sample[at++] = value;
      }
    }
    rows.add(sample);
  }

  private double number(long line, int column, String field) {
    String text = field.strip();
    // Double.parseDouble alone would also take "1d", "0x1p3" and "NaN".
    if (text.chars().allMatch(c -> c >= '0' && c <= '9' || "+-.eE".indexOf(c) >= 0)) {
      try {
        double value = Double.parseDouble(text);
        if (Double.isFinite(value)) {
          return value;
        }
      } catch (NumberFormatException _) {
        // Reported below, like any other text.
      }
    }
    throw new InvalidData(place(line, column) + ": '" + FileErrors.excerpt(field)
        + "' is not a finite number; correct or remove it");
  }

  private int label(long line, double value) {
    if (value != (int) value) {
      throw new InvalidData(place(line, labelColumn) + ": " + value
          + " is not a class; number the classes 0, 1, 2, ...");
    }
    return (int) value;
  }

  private String place(long line, int column) {
    String title = header.isEmpty() ? "" : " (" + FileErrors.excerpt(header.get(column)) + ")";
    return name + ", line " + line + ", column " + (column + 1) + title;
  }

  private static boolean isName(String field) {
    String text = field.strip();
    return !text.isEmpty() && (Character.isLetter(text.charAt(0)) || text.charAt(0) == '_')
        && !MISSING.contains(text.toLowerCase(Locale.ROOT));
  }
}
