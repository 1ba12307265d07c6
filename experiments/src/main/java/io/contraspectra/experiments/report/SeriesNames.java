package io.contraspectra.experiments.report;

import java.util.Locale;

/** What the legend calls a series. */
final class SeriesNames {
  private static final int LONGEST_LINE = 84;

  private SeriesNames() {}

  /** The name, and the slope of the fit if it has one. */
  static String legend(Series series) {
    String slope = series.fit()
        .filter(fit -> Double.isFinite(fit.slope()))
        .map(fit -> String.format(Locale.ROOT, ", slope %.2f", fit.slope()))
        .orElse("");
    String legend = series.name() + slope;
    // XChart cannot lay out a line without glyphs.
    return legend.isBlank() ? "(unnamed)" : String.join("\n", TextWrap.lines(legend, LONGEST_LINE));
  }
}
