package io.contraspectra.bindings.cuda;

/** Which triangle of a column-major matrix is meant. */
public enum Fill {
  /** On and below the diagonal. */
  LOWER,
  /** On and above the diagonal. */
  UPPER
}
