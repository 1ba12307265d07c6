package io.contraspectra.core.matrix;

import java.lang.foreign.ValueLayout;

/**
 * Element type of a matrix. {@code F64} is the default of every scientific result; {@code F32} is the user's choice.
 */
public enum DType {
  /** IEEE 754 binary32. */
  F32(ValueLayout.JAVA_FLOAT),
  /** IEEE 754 binary64. */
  F64(ValueLayout.JAVA_DOUBLE);

  private final ValueLayout layout;

  DType(ValueLayout layout) {
    this.layout = layout;
  }

  /** Bytes of one element. */
  public int bytes() {
    return (int) layout.byteSize();
  }
}
