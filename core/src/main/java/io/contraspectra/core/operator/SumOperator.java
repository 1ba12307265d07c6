package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.OptionalDouble;

/** {@code A + B}. */
record SumOperator(SymmetricOperator a, SymmetricOperator b) implements SymmetricOperator {

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
    try (Matrix second = backend().zeros(dtype(), y.rows(), y.cols())) {
      a.apply(x, y);
      b.apply(x, second);
      backend().add(1, second, 1, y);
    }
  }

  @Override
  public double flops(long vectors) {
    return a.flops(vectors) + b.flops(vectors) + (double) vectors * size();
  }

  @Override
  public int preferredBlock() {
    return Math.max(a.preferredBlock(), b.preferredBlock());
  }

  @Override
  public OptionalDouble trace() {
    return a.trace().isPresent() && b.trace().isPresent()
        ? OptionalDouble.of(a.trace().getAsDouble() + b.trace().getAsDouble()) : OptionalDouble.empty();
  }
}
