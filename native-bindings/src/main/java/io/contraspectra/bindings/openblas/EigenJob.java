package io.contraspectra.bindings.openblas;

/** What an eigensolver computes. */
public enum EigenJob {
  /** Eigenvalues alone. */
  VALUES('N'),
  /** Eigenvalues and eigenvectors. */
  VECTORS('V');

  final byte lapack;

  EigenJob(char lapack) {
    this.lapack = (byte) lapack;
  }
}
