package io.contraspectra.bindings.openblas;

/** On which side of the other operand a triangular matrix stands. */
public enum Side {
  /** op(T) X = B. */
  LEFT(141),
  /** X op(T) = B. */
  RIGHT(142);

  final int cblas;

  Side(int cblas) {
    this.cblas = cblas;
  }
}
