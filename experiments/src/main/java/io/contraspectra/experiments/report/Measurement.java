package io.contraspectra.experiments.report;

import java.util.List;

/**
 * One measured number behind a claim, with what each seed gave.
 *
 * @param quantity what was measured, for example {@code slope of log D on log M, erf}
 * @param value the number that the threshold is about; may be infinite or NaN where the experiment diverged
 * @param bySeed the same quantity seed by seed, for the spread; empty if it exists only over all seeds
 */
public record Measurement(String quantity, double value, List<Double> bySeed) {
  /** Copies the list. */
  public Measurement {
    bySeed = List.copyOf(bySeed);
  }

  /** A number that exists once, over all seeds. */
  public static Measurement of(String quantity, double value) {
    return new Measurement(quantity, value, List.of());
  }

  /** The mean over seeds. */
  public static Measurement meanOf(String quantity, List<Double> bySeed) {
    return new Measurement(quantity, mean(bySeed), bySeed);
  }

  /** The smallest over seeds: the one that a lower bound on every run is about. */
  public static Measurement smallestOf(String quantity, List<Double> bySeed) {
    return new Measurement(quantity, bySeed.stream().reduce(Double.NaN, Measurement::lower), bySeed);
  }

  /** The largest over seeds: the one that an upper bound on every run is about. */
  public static Measurement largestOf(String quantity, List<Double> bySeed) {
    return new Measurement(quantity, bySeed.stream().reduce(Double.NaN, Measurement::higher), bySeed);
  }

  /** The smallest over seeds that is a number; NaN if there is none. */
  public double low() {
    return bySeed.stream().reduce(Double.NaN, Measurement::lower);
  }

  /** The largest over seeds that is a number; NaN if there is none. */
  public double high() {
    return bySeed.stream().reduce(Double.NaN, Measurement::higher);
  }

  /** Value and range over seeds, for example {@code -0.770 [-0.831, -0.742]}. */
  public String valueText() {
    if (bySeed.size() < 2) {
      return Numbers.text(value);
    }
    return Numbers.text(value) + " [" + Numbers.text(low()) + ", " + Numbers.text(high()) + "]";
  }

  /** Quantity, value and range. */
  @Override
  public String toString() {
    return quantity + " " + valueText();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  private static double lower(double a, double b) {
    return Double.isNaN(a) ? b : Math.min(a, b);
  }

  private static double higher(double a, double b) {
    return Double.isNaN(a) ? b : Math.max(a, b);
  }
}
