package io.contraspectra.experiments.report;

/**
 * One point of a series with the range that its error bar spans.
 *
 * @param x position; may be non-finite, in which case it is left out of the plot and named in a note
 * @param y height; likewise
 * @param low lower end of the error bar, equal to y if there is none
 * @param high upper end of the error bar, equal to y if there is none
 */
public record Point(double x, double y, double low, double high) {
  /** A point without an error bar. */
  public static Point of(double x, double y) {
    return new Point(x, y, y, y);
  }

  /** Whether the error bar has a length; a bar from or to NaN has none. */
  public boolean hasBar() {
    return low < y || high > y;
  }
}
