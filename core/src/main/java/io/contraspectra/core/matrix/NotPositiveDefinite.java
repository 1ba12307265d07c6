package io.contraspectra.core.matrix;

/** A matrix that would have to be positive definite, and is not. */
public final class NotPositiveDefinite extends ContraSpectraException {

  private static final long serialVersionUID = 1;
  private final long order;

  /**
   * Reports a failed factorisation.
   *
   * @param message which operation failed on what, and what to do
   * @param order the order of the smallest leading minor that is not positive, from 1
   */
  public NotPositiveDefinite(String message, long order) {
    super(message);
    this.order = order;
  }

  /** The order of the smallest leading minor that is not positive, from 1. */
  public long order() {
    return order;
  }
}
