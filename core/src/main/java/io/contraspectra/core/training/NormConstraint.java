package io.contraspectra.core.training;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.Matrix;

/** What the weights of a layer are brought back to after every step (alphacl.md 6, 7). */
public enum NormConstraint {
  /** Nothing. */
  FREE,
  /** {@code ‖W‖_F <= 1}: divided by max(1, its norm). */
  BALL,
  /** Every row of norm 1, "per filter"; a row of zeros stays zero. */
  UNIT_ROWS;

  /**
   * Brings a layer's weights back.
   *
   * @param scratch a column of as many rows as the weights have, overwritten
   */
  void apply(Backend backend, Matrix weight, Matrix scratch) {
    switch (this) {
      case FREE -> { }
      case BALL -> {
        double norm = backend.norm(weight);
        if (norm > 1) {
          backend.scale(1 / norm, weight);
        }
      }
      case UNIT_ROWS -> {
        backend.rowDots(weight, weight, scratch);
        backend.map(UnaryFunction.INVERSE_NORM, scratch, scratch);
        backend.multiplyColumn(scratch, weight, weight);
      }
    }
  }
}
