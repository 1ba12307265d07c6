package io.contraspectra.bindings.load;

/**
 * A native library, or a routine of it, cannot be had. The message lists what was tried, a line each, and ends with the
 * remedy.
 */
public final class NativeUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NativeUnavailableException(String message) {
    super(message);
  }
}
