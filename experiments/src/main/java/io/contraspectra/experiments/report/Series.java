package io.contraspectra.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One named row of points in a figure.
 *
 * @param name its entry in the legend
 * @param points the points, in drawing order
 * @param style how they are drawn
 * @param fit a straight line drawn with it in the same colour; its slope is added to the legend
 */
public record Series(String name, List<Point> points, Style style, Optional<Fit> fit) {
  /** How a series is drawn. */
  public enum Style {
    /** Markers joined by a line. */
    LINE,
    /** Markers alone, as for a scatter or the data behind a fit. */
    POINTS,
    /** A dashed line without markers, for theory, thresholds and limits. */
    DASHED
  }

  /** Copies the list. */
  public Series {
    points = List.copyOf(points);
  }

  /** Markers joined by a line. */
  public static Series line(String name, double[] x, double[] y) {
    return new Series(name, zip(x, y, y, y), Style.LINE, Optional.empty());
  }

  /** Markers alone. */
  public static Series points(String name, double[] x, double[] y) {
    return new Series(name, zip(x, y, y, y), Style.POINTS, Optional.empty());
  }

  /** A dashed line. */
  public static Series dashed(String name, double[] x, double[] y) {
    return new Series(name, zip(x, y, y, y), Style.DASHED, Optional.empty());
  }

  /** This series with an error bar on every point. */
  public Series withErrorBars(double[] low, double[] high) {
    return new Series(name, zip(xs(), ys(), low, high), style, fit);
  }

  /** This series with a straight line, and its slope in the legend. */
  public Series withFit(Fit line) {
    return new Series(name, points, style, Optional.of(line));
  }

  /** Horizontal positions in drawing order. */
  public double[] xs() {
    return points.stream().mapToDouble(Point::x).toArray();
  }

  /** Heights in drawing order. */
  public double[] ys() {
    return points.stream().mapToDouble(Point::y).toArray();
  }

  private static List<Point> zip(double[] x, double[] y, double[] low, double[] high) {
    if (x.length != y.length || x.length != low.length || x.length != high.length) {
      throw new IllegalArgumentException("series: %d x, %d y, %d low and %d high values; they must be equally many"
          .formatted(x.length, y.length, low.length, high.length));
    }
    var points = new ArrayList<Point>(x.length);
    for (int i = 0; i < x.length; i++) {
      points.add(new Point(x[i], y[i], low[i], high[i]));
    }
    return points;
  }
}
