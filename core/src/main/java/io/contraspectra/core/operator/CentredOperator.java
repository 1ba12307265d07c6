package io.contraspectra.core.operator;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/** {@code H A H} with the centring {@code H = I − 1 1ᵀ / n}, which takes its mean from every vector. */
record CentredOperator(SymmetricOperator a) implements SymmetricOperator {

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
    try (Matrix centred = backend().copyOf(x, dtype())) {
      centre(centred);
      a.apply(centred, y);
      centre(y);
    }
  }

  private void centre(Matrix x) {
    try (Matrix ones = backend().zeros(dtype(), 1, size()); Matrix means = backend().zeros(dtype(), x.rows(), 1)) {
      backend().fill(1, ones);
      backend().gemm(NO, YES, 1.0 / size(), x, ones, 0, means);
      backend().gemm(NO, NO, -1, means, ones, 1, x);
    }
  }

  @Override
  public double flops(long vectors) {
    return a.flops(vectors) + 8.0 * vectors * size();
  }

  @Override
  public int preferredBlock() {
    return a.preferredBlock();
  }
}
