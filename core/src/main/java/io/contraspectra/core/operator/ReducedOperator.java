package io.contraspectra.core.operator;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/** {@code L⁻¹ A L⁻ᵀ} for a lower triangular L: vectors are rows, so they meet {@code L⁻¹} from the right first. */
record ReducedOperator(SymmetricOperator a, Matrix l) implements SymmetricOperator {

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
    try (Matrix lifted = backend().copyOf(x, dtype())) {
      backend().solveTriangular(Side.RIGHT, Triangle.LOWER, NO, 1, l, lifted);
      a.apply(lifted, y);
      backend().solveTriangular(Side.RIGHT, Triangle.LOWER, YES, 1, l, y);
    }
  }

  @Override
  public double flops(long vectors) {
    return a.flops(vectors) + 2.0 * vectors * size() * size();
  }

  @Override
  public int preferredBlock() {
    return Math.max(8, a.preferredBlock());
  }
}
