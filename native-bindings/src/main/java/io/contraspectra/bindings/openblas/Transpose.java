package io.contraspectra.bindings.openblas;

/** Whether a matrix takes part as stored or transposed. */
public enum Transpose {
  /** As stored. */
  NO_TRANSPOSE(111),
  /** Transposed. */
  TRANSPOSE(112);

  final int cblas;

  Transpose(int cblas) {
    this.cblas = cblas;
  }
}
