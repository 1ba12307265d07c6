package io.contraspectra.core.matrix;

/** A backend that was asked for by name and cannot run here; the message says why. */
public final class BackendUnavailable extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  public BackendUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public BackendUnavailable(String message) {
    super(message);
  }
}
