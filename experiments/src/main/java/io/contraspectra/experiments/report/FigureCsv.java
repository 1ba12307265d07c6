package io.contraspectra.experiments.report;

import java.util.List;

/** The numbers behind a figure, one row a point: also the points that no axis can show. */
final class FigureCsv {
  private static final List<String> HEADER = List.of("series", "x", "y", "low", "high");

  private FigureCsv() {}

  /** Columns: {@code series}, {@code x}, {@code y}, {@code low} and {@code high} end of the error bar. */
  static String of(Figure figure) {
    return Csv.of(HEADER, figure.series().stream().flatMap(
        series -> series.points().stream().map(point -> row(series, point))));
  }

  private static List<String> row(Series series, Point point) {
    return List.of(series.name(), Double.toString(point.x()), Double.toString(point.y()),
        Double.toString(point.low()), Double.toString(point.high()));
  }
}
