package io.contraspectra.experiments.report;

import static java.util.stream.Collectors.joining;

import java.util.Optional;

/** What a plot leaves out, in words: a missing point must not look like one that was never measured. */
final class FigureNotes {
  private FigureNotes() {}

  /** The points that have no place on the axes, series by series; empty if there are none. */
  static Optional<String> of(Figure figure) {
    String left = figure.series().stream()
        .filter(series -> hidden(figure, series) > 0 || series.points().isEmpty())
        .map(series -> describe(figure, series))
        .collect(joining("; "));
    return Optional.of(left)
        .filter(text -> !text.isEmpty())
        .map(text -> "Left out, because the axes cannot show them: " + text + ".");
  }

  /** Whether both axes can show a point. */
  static boolean shows(Figure figure, Point point) {
    return figure.x().shows(point.x()) && figure.y().shows(point.y());
  }

  private static String describe(Figure figure, Series series) {
    int all = series.points().size();
    if (all == 0) {
      return series.name() + " (no points)";
    }
    long hidden = hidden(figure, series);
    String count = hidden == all ? "all " + all : hidden + " of " + all;
    return series.name() + " (" + count + (all == 1 ? " point" : " points") + ": " + reason(figure, series) + ")";
  }

  private static String reason(Figure figure, Series series) {
    return series.points().stream()
        .filter(point -> !shows(figure, point))
        .map(point -> kind(figure.x().shows(point.x()) ? point.y() : point.x()))
        .distinct()
        .collect(joining(", "));
  }

  private static String kind(double value) {
    return Double.isNaN(value) ? "not a number" : Double.isInfinite(value) ? "infinite" : "not positive";
  }

  private static long hidden(Figure figure, Series series) {
    return series.points().stream().filter(point -> !shows(figure, point)).count();
  }
}
