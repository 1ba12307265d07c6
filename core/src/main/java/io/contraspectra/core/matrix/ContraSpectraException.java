package io.contraspectra.core.matrix;

/**
 * Every failure that this library reports on purpose. The message says which operation failed, on which operands and
 * shapes, and what to do about it; subclasses carry the facts that programs may want to branch on.
 */
public abstract sealed class ContraSpectraException extends RuntimeException
    permits BackendUnavailable, DeviceFailure, InUse, InvalidArgument, InvalidData, NonFinite, NotConverged,
        NotPositiveDefinite, OutOfDeviceMemory, OverBudget, ShapeMismatch, UseAfterClose, WrongBackend {

  private static final long serialVersionUID = 1;

  ContraSpectraException(String message) {
    super(message);
  }

  ContraSpectraException(String message, Throwable cause) {
    super(message, cause);
  }
}
