package io.contraspectra.experiments.report;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The numbers of a table, one row a cell. */
final class TableCsv {
  private static final List<String> HEADER = List.of("row", "column", "value", "low", "high");

  private TableCsv() {}

  /** Columns: {@code row}, {@code column}, {@code value}, and the smallest and largest over seeds. */
  static String of(Table table) {
    return Csv.of(HEADER, table.rows().stream().flatMap(row -> cells(table, row)));
  }

  private static Stream<List<String>> cells(Table table, Table.Row row) {
    return IntStream.range(0, table.columns().size()).mapToObj(i -> {
      Measurement cell = row.cells().get(i);
      return List.of(row.label(), table.columns().get(i), Double.toString(cell.value()), Double.toString(cell.low()),
          Double.toString(cell.high()));
    });
  }
}
