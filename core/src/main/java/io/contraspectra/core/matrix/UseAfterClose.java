package io.contraspectra.core.matrix;

/** A matrix, network or workspace used after it was closed. */
public final class UseAfterClose extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  public UseAfterClose(String message) {
    super(message);
  }
}
