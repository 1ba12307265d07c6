package io.contraspectra.core.loss;

/** How two embeddings are compared. */
public enum Similarity {
  /** The dot product of the rows. */
  DOT,
  /** The cosine of the angle between the rows: the dot product after dividing each row by its norm. */
  COS
}
