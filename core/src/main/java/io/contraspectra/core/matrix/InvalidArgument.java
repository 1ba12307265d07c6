package io.contraspectra.core.matrix;

/** A value outside the domain of a parameter, or an unknown name. */
public final class InvalidArgument extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  public InvalidArgument(String message) {
    super(message);
  }
}
