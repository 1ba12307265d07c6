package io.contraspectra.core.optimize;

import org.jspecify.annotations.Nullable;

/**
 * A line search for the strong Wolfe conditions, {@code f(a) <= f(0) + c1 a f'(0)} and {@code |f'(a)| <= c2 |f'(0)|},
 * by bracketing and safeguarded cubic interpolation (Nocedal and Wright, Numerical Optimization, 2nd edition,
 * algorithms 3.5 and 3.6). Values that are not finite count as too high, so that a search steps back from where the
 * function ends.
 */
final class StrongWolfe {

  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final int EXPANSIONS = 20;
  private static final int CONTRACTIONS = 40;
  private static final double GROWTH = 4;
  private static final double MARGIN = 0.1;

  private final Line line;
  private final Point start;
  private final double slack;

  /** The function along the line. */
  @FunctionalInterface
  interface Line {

    /** Evaluates at distance a; the last evaluation is the one that the caller keeps. */
    Point at(double a);
  }

  /**
   * A point on the line.
   *
   * @param a distance from the start
   * @param value f(a)
   * @param slope f'(a)
   */
  record Point(double a, double value, double slope) {

    boolean isFinite() {
      return Double.isFinite(value) && Double.isFinite(slope);
    }
  }

  private StrongWolfe(Line line, Point start, double slack) {
    this.line = line;
    this.start = start;
    this.slack = slack;
  }

  /**
   * Searches a line that goes downhill.
   *
   * @param start the point at distance 0, with a negative slope
   * @param first the distance to try first
   * @param slack error of the values: close to a minimum decreases drown in it, and slopes must decide
   * @return a point with a sufficient decrease, which was the last to be evaluated; null if there is none to be found
   */
  static @Nullable Point search(Line line, Point start, double first, double slack) {
    return new StrongWolfe(line, start, slack).bracket(first);
  }

  private @Nullable Point bracket(double first) {
    Point previous = start;
    double a = first;
    for (int i = 0; i < EXPANSIONS; i++) {
      Point point = line.at(a);
      if (isTooHigh(point) || i > 0 && point.value() > previous.value() + slack) {
        return zoom(previous, point);
      }
      if (isFlat(point)) {
        return point;
      }
      if (point.slope() >= 0) {
        return zoom(point, previous);
      }
      double grown = cubic(previous, point);
      a = grown > a ? Math.clamp(grown, 1.5 * a, GROWTH * a) : GROWTH * a;
      previous = point;
    }
    return previous;
  }

  /** Narrows an interval whose {@code low} end has the least value so far and slopes down towards {@code high}. */
  private @Nullable Point zoom(Point low, Point high) {
    Point last = high;
    for (int i = 0; i < CONTRACTIONS && Math.abs(high.a() - low.a()) > Math.ulp(high.a()); i++) {
      last = line.at(inside(low, high));
      if (isTooHigh(last) || last.value() > low.value() + slack) {
        high = last;
      } else if (isFlat(last)) {
        return last;
      } else {
        if (last.slope() * (high.a() - low.a()) >= 0) {
          high = low;
        }
        low = last;
      }
    }
    if (low.a() == 0) {
      return null;
    }
    return last.equals(low) ? low : line.at(low.a());
  }

  private boolean isTooHigh(Point point) {
    return !point.isFinite() || point.value() > start.value() + DECREASE * point.a() * start.slope() + slack;
  }

  private boolean isFlat(Point point) {
    return Math.abs(point.slope()) <= -CURVATURE * start.slope();
  }

  private static double inside(Point low, Point high) {
    double width = high.a() - low.a();
    double guess = high.isFinite() ? cubic(low, high) : Double.NaN;
    double part = (guess - low.a()) / width;
    return low.a() + width * (part >= MARGIN && part <= 1 - MARGIN ? part : 0.5);
  }

  /** The minimum of the cubic through two values and slopes (equation 3.59); NaN if it has none. */
  private static double cubic(Point p, Point q) {
    double d1 = p.slope() + q.slope() - 3 * (p.value() - q.value()) / (p.a() - q.a());
    double d2 = Math.signum(q.a() - p.a()) * Math.sqrt(d1 * d1 - p.slope() * q.slope());
    return q.a() - (q.a() - p.a()) * (q.slope() + d2 - d1) / (q.slope() - p.slope() + 2 * d2);
  }
}
