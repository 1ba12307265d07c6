package io.contraspectra.core.matrix;

/** A memory budget that is too small for any piece of the work. */
public final class OverBudget extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  private final long budget;
  private final long least;

  /**
   * A refusal.
   *
   * @param what the smallest piece of work, e.g. {@code ntk: one tile of 64x64 samples}
   * @param budget bytes that are allowed
   * @param least bytes that would be enough
   */
  public OverBudget(String what, long budget, long least) {
    super(what + " does not fit into a budget of " + budget + " bytes; the least that works is " + least + " bytes");
    this.budget = budget;
    this.least = least;
  }

  /** Bytes that were allowed. */
  public long budget() {
    return budget;
  }

  /** The least budget that works, in bytes. */
  public long least() {
    return least;
  }
}
