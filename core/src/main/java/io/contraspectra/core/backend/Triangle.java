package io.contraspectra.core.backend;

/** Which triangle of a symmetric matrix, the diagonal included, holds the numbers. */
public enum Triangle {
  LOWER,
  UPPER
}
