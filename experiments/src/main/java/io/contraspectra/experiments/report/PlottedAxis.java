package io.contraspectra.experiments.report;

import java.util.function.Function;
import org.knowm.xchart.XYChart;

/**
 * How a span is handed to XChart. Its logarithmic axis draws nine lines and one label for every power of ten: right
 * for a few, unreadable for the hundreds that a diverging run can cover. Such spans are plotted as logarithms on a
 * linear axis whose labels are powers of ten.
 *
 * @param span the values that are shown
 */
record PlottedAxis(Span span) {
  private static final double MANY_DECADES = 9;

  /** The coordinate that XChart gets for a value. */
  double coordinate(double value) {
    return isPlottedAsLogarithm() ? Math.log10(value) : value;
  }

  void applyToX(XYChart chart) {
    var style = chart.getStyler();
    style.setXAxisMin(coordinate(span.min())).setXAxisMax(coordinate(span.max()));
    if (isPlottedAsLogarithm()) {
      chart.setCustomXAxisTickLabelsFormatter(powerOfTen());
    } else if (isLogarithmic()) {
      style.setXAxisLogarithmic(true).setXAxisLogarithmicDecadeOnly(span.isLabelledByDecades());
      style.setXAxisDecimalPattern(pattern());
    }
  }

  void applyToY(XYChart chart) {
    var style = chart.getStyler();
    style.setYAxisMin(coordinate(span.min())).setYAxisMax(coordinate(span.max()));
    if (isPlottedAsLogarithm()) {
      chart.setCustomYAxisTickLabelsFormatter(powerOfTen());
    } else if (isLogarithmic()) {
      style.setYAxisLogarithmic(true).setYAxisLogarithmicDecadeOnly(span.isLabelledByDecades());
      style.setYAxisDecimalPattern(pattern());
    }
  }

  private boolean isLogarithmic() {
    return span.axis().scale() == Axis.Scale.LOG;
  }

  private boolean isPlottedAsLogarithm() {
    return isLogarithmic() && span.decades() > MANY_DECADES;
  }

  private String pattern() {
    return span.min() >= 1e-4 && span.max() < 1e6 ? "0.####" : "0E0";
  }

  private static Function<Double, String> powerOfTen() {
    return exponent -> "1E" + Math.round(exponent);
  }
}
