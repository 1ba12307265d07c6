package io.contraspectra.core.matrix;

/** A device that failed while it computed; what it holds is lost, and so is every result since the last copy out. */
public final class DeviceFailure extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  /**
   * Reports a failure.
   *
   * @param space the device, e.g. {@code cuda:0}
   * @param cause the call that failed or that was told of the failure, with its status
   */
  public DeviceFailure(String space, Throwable cause) {
    super("device " + space + " failed: " + cause.getMessage() + "; close the backend and start again, or compute on"
        + " the processors", cause);
  }
}
