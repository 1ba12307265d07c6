package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.experiments.paper.Gate.Bound;

/** Bounds that several studies share (spectral.md 9). */
final class Gates {

  private static final double GAP = 1e-9;
  private static final double GRAM = 1e-5;
  private static final double SINE = 1e-5;

  private Gates() {}

  /** Descents reach a family's values and Gram matrices. */
  static Bound[] reached(String family) {
    return new Bound[] {Bound.atMost(Descent.gapName(family), GAP), Bound.atMost(Descent.gramName(family), GRAM)};
  }

  /** The same, and spans where only these are unique. */
  static Bound[] reachedWithSpans(String family) {
    return new Bound[] {Bound.atMost(Descent.gapName(family), GAP), Bound.atMost(Descent.gramName(family), GRAM),
        Bound.atMost(Descent.sineName(family), SINE)};
  }
}
