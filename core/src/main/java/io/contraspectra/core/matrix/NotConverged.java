package io.contraspectra.core.matrix;

/** An iteration that ended before it reached its tolerance. */
public final class NotConverged extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  public NotConverged(String message) {
    super(message);
  }
}
