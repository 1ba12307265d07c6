package io.contraspectra.bindings.openblas;

/** Which half of a symmetric matrix is read or written, the diagonal included. */
public enum Triangle {
  /** On and above the diagonal. */
  UPPER(121, 'U'),
  /** On and below the diagonal. */
  LOWER(122, 'L');

  final int cblas;
  final byte lapack;

  Triangle(int cblas, char lapack) {
    this.cblas = cblas;
    this.lapack = (byte) lapack;
  }

  /** The same elements seen from the transposed side: a row-major upper triangle is a column-major lower one. */
  public Triangle transposed() {
    return this == UPPER ? LOWER : UPPER;
  }
}
