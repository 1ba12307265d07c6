package io.contraspectra.core.backend;

/** On which side of the unknown a triangular matrix stands. */
public enum Side {
  /** {@code op(T) X = B}. */
  LEFT,
  /** {@code X op(T) = B}. */
  RIGHT
}
