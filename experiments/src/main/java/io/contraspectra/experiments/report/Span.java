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
  /** Up to this many powers of ten, 2, 3, ..., 9 have room for labels too. */
  private static final double FEW_DECADES = 0.9;
  /** A factor of four holds two one-digit multiples of a power of ten, wherever it starts. */
  private static final double SHORTEST_LOGARITHMIC = Math.log(4);
  /** Ends beyond this would make the length of the span overflow. */
  private static final double LARGEST = Double.MAX_VALUE / 4;

  /** The span of the values that the axis can show, with a margin; an arbitrary one if there are none. */
  static Span around(Axis axis, DoubleStream values) {
    var statistics = values.filter(axis::shows).map(axis::straighten).summaryStatistics();
    boolean empty = statistics.getCount() == 0;
    double low = empty ? 0 : statistics.getMin();
    double high = empty ? 1 : statistics.getMax();
    double margin = Math.max(MARGIN * (high - low), (shortest(axis, low, high) - (high - low)) / 2);
    var span = new Span(axis, axis.value(low - margin), axis.value(high + margin));
    return axis.scale() == Axis.Scale.LOG ? span.withTwoLabels().finite() : span.finite();
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

  /** Whether only powers of ten are labelled on it. */
  boolean isLabelledByDecades() {
    return decades() > FEW_DECADES;
  }

  private static double shortest(Axis axis, double low, double high) {
    if (axis.scale() == Axis.Scale.LOG) {
      return SHORTEST_LOGARITHMIC;
    }
    boolean oneValue = high - low <= 1e-9 * Math.abs(high);
    return oneValue ? Math.max(0.2 * Math.abs(high), 1e-3) : 0;
  }

  /** Stretched to the nearer power of ten if only one lies within: an axis with one label has no scale. */
  private Span withTwoLabels() {
    double below = Math.floor(Math.log10(min));
    double above = Math.ceil(Math.log10(max));
    if (!isLabelledByDecades() || above - below > 2) {
      return this;
    }
    return Math.log10(min) - below < above - Math.log10(max)
        ? new Span(axis, 0.95 * Math.pow(10, below), max)
        : new Span(axis, min, 1.05 * Math.pow(10, above));
  }

  private Span finite() {
    double smallest = axis.scale() == Axis.Scale.LOG ? Double.MIN_NORMAL : -LARGEST;
    return new Span(axis, Math.max(min, smallest), Math.min(max, LARGEST));
  }
}
