package io.contraspectra.core.matrix;

/** A file or an array whose content is not what it claims to be: bad headers, missing layers, values out of place. */
public final class InvalidData extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  public InvalidData(String message) {
    super(message);
  }

  public InvalidData(String message, Throwable cause) {
    super(message, cause);
  }
}
