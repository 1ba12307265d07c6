package io.contraspectra.core.matrix;

/** A matrix handed to a backend that cannot reach its memory. */
public final class WrongBackend extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  public WrongBackend(String message) {
    super(message);
  }
}
