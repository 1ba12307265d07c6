package io.contraspectra.experiments.paper.ntkdrift;

import io.contraspectra.experiments.paper.Measured;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What one training run did to its kernel.
 *
 * @param drift drift after t steps for the steps followed; positive infinity from where the run diverged
 * @param hit the first step at which the drift was at least one half; present only if every step was followed
 * @param linearisationError distance from the linearised dynamics, relative to the distance travelled; NaN if not
 *     measured
 * @param zeroRows rows without a direction met by the loss, over the whole run
 */
public record DriftTrace(
    NavigableMap<Integer, Double> drift, OptionalInt hit, double linearisationError, long zeroRows) {

  private static final String DRIFT = "drift after ";
  private static final String HIT = "hit";
  private static final String ERROR = "linearisation error";
  private static final String ZERO_ROWS = "zero rows";

  public DriftTrace {
    drift = Collections.unmodifiableNavigableMap(new TreeMap<>(drift));
  }

  /** The drift after the last step followed. */
  public double finalDrift() {
    return drift.lastEntry().getValue();
  }

  /** The drift after t steps, which must be among those followed. */
  public double driftAt(int step) {
    Double value = drift.get(step);
    if (value == null) {
      throw new IllegalArgumentException("drift after step " + step + " was not followed, only " + drift.keySet());
    }
    return value;
  }

  /** The largest drift met on the way. */
  public double largestDrift() {
    return drift.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /** The run as numbers, for {@link #of}. */
  Measured.Sheet sheet() {
    var sheet = new Measured.Sheet();
    drift.forEach((step, value) -> sheet.put(DRIFT + step, value));
    hit.ifPresent(step -> sheet.put(HIT, step));
    sheet.put(ERROR, linearisationError);
    sheet.put(ZERO_ROWS, zeroRows);
    return sheet;
  }

  /** The run that has these numbers. */
  static DriftTrace of(Measured.Sheet sheet) {
    var drift = new TreeMap<Integer, Double>();
    sheet.values().forEach((name, value) -> {
      if (name.startsWith(DRIFT)) {
        drift.put(Integer.valueOf(name.substring(DRIFT.length())), value);
      }
    });
    Double hit = sheet.values().get(HIT);
    return new DriftTrace(drift, hit == null ? OptionalInt.empty() : OptionalInt.of(hit.intValue()),
        sheet.values().get(ERROR), sheet.values().get(ZERO_ROWS).longValue());
  }
}
