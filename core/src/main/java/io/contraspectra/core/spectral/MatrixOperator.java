package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.SymmetricOperator;

/** A symmetric matrix as an operator; the matrix stays its owner's. */
record MatrixOperator(Backend backend, Matrix a) implements SymmetricOperator {

  @Override
  public DType dtype() {
    return a.dtype();
  }

  @Override
  public long size() {
    return a.rows();
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    backend.gemm(Transpose.NO, Transpose.NO, 1, x, a, 0, y);
  }

  @Override
  public double flops(long vectors) {
    return 2.0 * vectors * a.rows() * a.rows();
  }
}
