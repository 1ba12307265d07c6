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

  /**
   * Reports that a library of the device found no memory for its own needs, whose size it does not tell.
   *
   * @param space the device, e.g. {@code cuda:0}
   * @param call what failed
   * @param free bytes that the device had left
   */
  public OutOfDeviceMemory(String space, String call, long free) {
    super("device " + space + " is out of memory: " + call + " found too little, " + free + " bytes are free; close"
        + " matrices, take fewer samples or smaller tiles, or compute on the processors");
    this.asked = 0;
    this.free = free;
  }

  /** Bytes asked for; 0 if a library asked and does not tell. */
  public long asked() {
    return asked;
  }

  /** Bytes that the device had left. */
  public long free() {
    return free;
  }
}
