package io.contraspectra.core.matrix;

/** Memory that was to be closed while a running call still reads or writes it. */
public final class InUse extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  public InUse(String message) {
    super(message);
  }
}
