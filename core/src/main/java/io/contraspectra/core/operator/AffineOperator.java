package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.OptionalDouble;

/** {@code scale A + shift I}. */
record AffineOperator(double scale, SymmetricOperator a, double shift) implements SymmetricOperator {

  @Override
  public Backend backend() {
    return a.backend();
  }

  @Override
  public DType dtype() {
    return a.dtype();
  }

  @Override
  public long size() {
    return a.size();
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    a.apply(x, y);
    backend().add(shift, x, scale, y);
  }

  @Override
  public double flops(long vectors) {
    return a.flops(vectors) + 3.0 * vectors * size();
  }

  @Override
  public int preferredBlock() {
    return a.preferredBlock();
  }

  @Override
  public OptionalDouble trace() {
    return a.trace().isPresent() ? OptionalDouble.of(scale * a.trace().getAsDouble() + shift * size()) : a.trace();
  }
}
