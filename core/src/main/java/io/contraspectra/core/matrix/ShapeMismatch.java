package io.contraspectra.core.matrix;

/** Operands whose shapes do not fit together, or a view outside its matrix. */
public final class ShapeMismatch extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  public ShapeMismatch(String message) {
    super(message);
  }
}
