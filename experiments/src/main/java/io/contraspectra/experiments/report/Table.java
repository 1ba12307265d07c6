package io.contraspectra.experiments.report;

import java.util.List;

/**
 * Measured numbers side by side: one row for each thing that was compared, one column for each quantity.
 *
 * @param name stem of its file, for example {@code digits-losses}
 * @param title one line above the table
 * @param caption what to see in it, one or two sentences
 * @param columns what the numbers are, from left to right
 * @param rows from top to bottom
 */
public record Table(String name, String title, String caption, List<String> columns, List<Row> rows) {

  /**
   * One row.
   *
   * @param label what was measured
   * @param cells one number with its values by seed for each column
   */
  public record Row(String label, List<Measurement> cells) {
    /** Copies the list. */
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /** Copies the lists; refuses rows of another length, and a name that would not do as the name of a file. */
  public Table {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    if (!name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new IllegalArgumentException("table: the name '" + name + "' must be of a-z, 0-9 and -");
    }
    for (Row row : rows) {
      if (row.cells().size() != columns.size()) {
        throw new IllegalArgumentException("table " + name + ": row '" + row.label() + "' has " + row.cells().size()
            + " cells for " + columns.size() + " columns");
      }
    }
  }
}
