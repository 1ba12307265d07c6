package io.contraspectra.experiments.report;

import java.util.stream.DoubleStream;

/**
 * The part of an axis that a figure shows.
 *
 * @param axis what it is a part of
 * @param min smallest value
 * @param max largest value
 */
record Span(Axis axis, double min, double max) {
  private static final double MARGIN = 0.05;
  /** Ends beyond this would make the length of the span overflow. */
  private static final double LARGEST = Double.MAX_VALUE / 4;

  /** The span of the values that the axis can show, with a margin; an arbitrary one if there are none. */
  static Span around(Axis axis, DoubleStream values) {
    var statistics = values.filter(axis::shows).map(axis::straighten).summaryStatistics();
    double low = statistics.getCount() == 0 ? 0 : statistics.getMin();
    double high = statistics.getCount() == 0 ? 1 : statistics.getMax();
    double margin = high - low > 1e-9 * Math.abs(high) ? MARGIN * (high - low) : aroundOneValue(axis, high);
    double min = axis.value(low - margin);
    return new Span(axis, axis.scale() == Axis.Scale.LOG ? Math.max(min, Double.MIN_NORMAL) : Math.max(min, -LARGEST),
        Math.min(axis.value(high + margin), LARGEST));
  }

  /** The value, or the end of the span beyond which it lies. */
  double clamp(double value) {
    return Math.clamp(value, min, max);
  }

  boolean contains(double value) {
    return min <= value && value <= max;
  }

  /** A value moved along the axis by a fraction of its length. */
  double shift(double value, double fraction) {
    return axis.value(axis.straighten(value) + fraction * (axis.straighten(max) - axis.straighten(min)));
  }

  /** How many powers of ten it covers. */
  double decades() {
    return Math.log10(max) - Math.log10(min);
  }

  private static double aroundOneValue(Axis axis, double value) {
    // A decade to either side would waste a logarithmic axis; a factor of three shows a labelled power of ten at least.
    return axis.scale() == Axis.Scale.LOG ? Math.log(3.2) : Math.max(0.1 * Math.abs(value), 1e-3);
  }
}
