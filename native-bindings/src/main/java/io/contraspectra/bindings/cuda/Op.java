package io.contraspectra.bindings.cuda;

/** Whether a product takes an operand as it is or transposed. */
public enum Op {
  /** As it is. */
  NONE,
  /** Transposed. */
  TRANSPOSE
}
