package io.contraspectra.experiments.report;

import java.util.Locale;

/** Numbers as people read them; files for programs get every digit instead. */
final class Numbers {
  private Numbers() {}

  /** Three significant digits, plain where that stays short and in scientific notation elsewhere. */
  static String text(double value) {
    if (Double.isNaN(value)) {
      return "not a number";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "overflow" : "-overflow";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    double size = Math.abs(value);
    if (size < 1e-3 || size >= 1e6) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    int decimals = Math.max(0, 2 - (int) Math.floor(Math.log10(size)));
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
