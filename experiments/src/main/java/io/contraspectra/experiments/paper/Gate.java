package io.contraspectra.experiments.paper;

import io.contraspectra.experiments.report.Claim;
import io.contraspectra.experiments.report.Measurement;
import io.contraspectra.experiments.report.Verdict;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A claim as bounds on measured quantities.
 *
 * @param id page and number, e.g. {@code grassmann:G3}
 * @param statement the claim in plain words
 * @param bounds all must hold
 * @param threshold the bounds in words
 */
public record Gate(String id, String statement, List<Bound> bounds, String threshold) {

  /** Which number of the seeds' a bound is about. */
  public enum Over {
    /** The value of every seed. */
    EACH,
    /** The mean over the seeds. */
    MEAN
  }

  /**
   * An interval for a quantity.
   *
   * @param quantity its name in {@link Measured}
   * @param low least value allowed; minus infinity for none
   * @param high largest value allowed; infinity for none
   */
  public record Bound(String quantity, double low, double high, Over over) {

    /** Every seed's value is at most {@code high}. */
    public static Bound atMost(String quantity, double high) {
      return new Bound(quantity, Double.NEGATIVE_INFINITY, high, Over.EACH);
    }

    /** Every seed's value is at least {@code low}. */
    public static Bound atLeast(String quantity, double low) {
      return new Bound(quantity, low, Double.POSITIVE_INFINITY, Over.EACH);
    }

    /** Every seed's value lies between the two. */
    public static Bound between(String quantity, double low, double high) {
      return new Bound(quantity, low, high, Over.EACH);
    }

    /** The same bound for the mean over seeds. */
    public Bound ofMean() {
      return new Bound(quantity, low, high, Over.MEAN);
    }

    private Measurement measurement(Measured measured) {
      List<Double> values = measured.of(quantity);
      if (over == Over.MEAN) {
        return Measurement.meanOf("mean " + quantity, values);
      }
      double worst = values.stream().max((a, b) -> Double.compare(excess(a), excess(b))).orElse(Double.NaN);
      return new Measurement(quantity, worst, values);
    }

    /** How far a value is above the middle of what is allowed; NaN, which compares as the largest, is the worst. */
    private double excess(double value) {
      if (Double.isInfinite(low)) {
        return value;
      }
      return Double.isInfinite(high) ? -value : Math.abs(value - (low + high) / 2);
    }

    private boolean holds(Measurement measurement) {
      return measurement.value() >= low && measurement.value() <= high;
    }

    private String threshold() {
      if (Double.isInfinite(low)) {
        return "<= " + text(high);
      }
      return Double.isInfinite(high) ? ">= " + text(low) : "in [" + text(low) + ", " + text(high) + "]";
    }

    private static String text(double value) {
      return Math.abs(value) < 1e-3 && value != 0
          ? String.format(Locale.ROOT, "%.0e", value)
          : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
  }

  /** A gate whose threshold is read off its bounds. */
  public static Gate of(String id, String statement, Bound... bounds) {
    List<Bound> all = List.of(bounds);
    boolean alike = all.stream().map(Bound::threshold).distinct().count() == 1;
    return new Gate(id, statement, all, alike
        ? all.getFirst().threshold()
        : all.stream().map(bound -> bound.quantity() + " " + bound.threshold()).collect(Collectors.joining("; ")));
  }

  /** The verdict; inconclusive while a quantity is missing for a seed. */
  public Claim judge(Measured measured) {
    if (!bounds.stream().allMatch(bound -> measured.has(bound.quantity()))) {
      return new Claim(id, statement, List.of(), threshold, Verdict.INCONCLUSIVE);
    }
    var measurements = new ArrayList<Measurement>();
    boolean holds = true;
    for (Bound bound : bounds) {
      Measurement measurement = bound.measurement(measured);
      measurements.add(measurement);
      holds &= bound.holds(measurement);
    }
    return new Claim(id, statement, measurements, threshold, Verdict.of(holds));
  }
}
