package io.contraspectra.core.backend;

/** Whether a product takes an operand as it is or transposed. */
public enum Transpose {
  /** The operand as it is stored. */
  NO,
  /** Its transpose. */
  YES
}
