package io.contraspectra.core.operator;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/** {@code P A Pᵀ} for P of r x n. */
record CompressedOperator(SymmetricOperator a, Matrix p) implements SymmetricOperator {

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
    return p.rows();
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    try (Matrix lifted = backend().zeros(dtype(), x.rows(), a.size());
        Matrix image = backend().zeros(dtype(), x.rows(), a.size())) {
      backend().gemm(NO, NO, 1, x, p, 0, lifted);
      a.apply(lifted, image);
      backend().gemm(NO, YES, 1, image, p, 0, y);
    }
  }

  @Override
  public double flops(long vectors) {
    return a.flops(vectors) + 4.0 * vectors * p.size();
  }

  @Override
  public int preferredBlock() {
    return a.preferredBlock();
  }
}
