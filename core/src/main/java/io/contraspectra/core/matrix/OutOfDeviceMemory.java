package io.contraspectra.core.matrix;

/** A device that has not the memory that an operation asked for. */
public final class OutOfDeviceMemory extends ContraSpectraException {

  private static final long serialVersionUID = 1;
  private final long asked;
  private final long free;

  /**
   * Reports a refused allocation.
   *
   * @param space the device, e.g. {@code cuda:0}
   * @param asked bytes asked for
   * @param free bytes that the device had left
   */
  public OutOfDeviceMemory(String space, long asked, long free) {
    super("device " + space + " is out of memory: " + asked + " bytes asked for, " + free + " free; close matrices,"
        + " take fewer samples or smaller tiles, or compute on the processors");
    this.asked = asked;
    this.free = free;
  }

  /** Bytes asked for. */
  public long asked() {
    return asked;
  }

  /** Bytes that the device had left. */
  public long free() {
    return free;
  }
}
