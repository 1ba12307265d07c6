package io.contraspectra.experiments.report;

/**
 * One axis of a figure.
 *
 * @param label what it shows, for example {@code hidden width M}
 * @param unit unit of measurement; empty for pure numbers
 * @param scale how values map to distances
 */
public record Axis(String label, String unit, Scale scale) {
  /** How values map to distances. */
  public enum Scale {
    /** Equal differences are equally long. */
    LINEAR,
    /** Equal ratios are equally long; only positive values can be shown. */
    LOG
  }

  /** A linear axis of pure numbers. */
  public static Axis linear(String label) {
    return new Axis(label, "", Scale.LINEAR);
  }

  /** A logarithmic axis of pure numbers. */
  public static Axis log(String label) {
    return new Axis(label, "", Scale.LOG);
  }

  /** Whether a value has a place on this axis. */
  public boolean shows(double value) {
    return Double.isFinite(value) && (scale == Scale.LINEAR || value > 0);
  }

  /** The title beside the axis: label, and unit in parentheses if there is one. */
  public String title() {
    return unit.isEmpty() ? label : label + " (" + unit + ")";
  }

  /** The coordinate in which this axis is straight: the value, or its natural logarithm. */
  double straighten(double value) {
    return scale == Scale.LOG ? Math.log(value) : value;
  }

  /** Inverse of {@link #straighten}. */
  double value(double straightened) {
    return scale == Scale.LOG ? Math.exp(straightened) : straightened;
  }
}
