package io.contraspectra.bindings.openblas;

/** The two real element types of BLAS and LAPACK. */
public enum Precision {
  /** 4-byte elements, routines that start with s. */
  SINGLE(Float.BYTES, 's'),
  /** 8-byte elements, routines that start with d. */
  DOUBLE(Double.BYTES, 'd');

  final int bytes;
  private final char letter;

  Precision(int bytes, char letter) {
    this.bytes = bytes;
    this.letter = letter;
  }

  /** The routine's name in this precision, e.g. {@code dpotrf}. */
  String name(String routine) {
    return letter + routine;
  }
}
