package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import java.util.ArrayList;
import java.util.List;

/** Claims that descents end at closed forms (spectral.md 9). */
final class Gates {

  private static final double GAP = 1e-9;
  private static final double GRAM = 1e-5;
  private static final double SINE = 1e-5;

  private Gates() {}

  /** Descents of some families reach the values and the Gram matrices. */
  static Gate reached(String id, String statement, String... families) {
    return new Gate(id, statement, bounds(families), "loss gap <= 1e-9, Gram error <= 1e-5");
  }

  /** The same, and the spans where only these are unique. */
  static Gate reachedWithSpans(String id, String statement, String family) {
    List<Bound> bounds = bounds(family);
    bounds.add(Bound.atMost(Descent.sineName(family), SINE));
    return new Gate(id, statement, bounds, "loss gap <= 1e-9, Gram error <= 1e-5, sine <= 1e-5");
  }

  private static List<Bound> bounds(String... families) {
    var bounds = new ArrayList<Bound>();
    for (String family : families) {
      bounds.add(Bound.atMost(Descent.gapName(family), GAP));
      bounds.add(Bound.atMost(Descent.gramName(family), GRAM));
    }
    return bounds;
  }
}
