package io.contraspectra.experiments.report;

import java.util.Collection;

/** What the measurements say about a claim. */
public enum Verdict {
  /** The measured values lie within the stated threshold. */
  HOLDS("holds"),
  /** They do not. */
  FAILS("FAILS"),
  /** They decide nothing: too few runs, or too wide a spread. */
  INCONCLUSIVE("inconclusive");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  /** {@link #HOLDS} or {@link #FAILS}. */
  public static Verdict of(boolean holds) {
    return holds ? HOLDS : FAILS;
  }

  /** The verdict on a claim of several parts: one failing part fails it, one undecided part leaves it open. */
  public static Verdict allOf(Collection<Verdict> parts) {
    if (parts.contains(FAILS)) {
      return FAILS;
    }
    return parts.isEmpty() || parts.contains(INCONCLUSIVE) ? INCONCLUSIVE : HOLDS;
  }

  /** The verdict as it is printed; failures are in capitals so that they catch the eye. */
  @Override
  public String toString() {
    return text;
  }
}
