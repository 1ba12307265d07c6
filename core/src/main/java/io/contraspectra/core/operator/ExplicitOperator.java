package io.contraspectra.core.operator;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.OptionalDouble;

/** A matrix that is stored. Sixteen vectors take hardly longer than one: reading the matrix is what costs. */
final class ExplicitOperator implements SymmetricOperator {

  private static final int BLOCK = 16;

  private final Backend backend;
  private final Matrix a;
  private final boolean owner;

  /**
   * Wraps a matrix.
   *
   * @param a symmetric, which is not checked
   * @param owner whether closing the operator closes the matrix
   */
  ExplicitOperator(Backend backend, Matrix a, boolean owner) {
    this.backend = backend;
    this.a = a;
    this.owner = owner;
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public DType dtype() {
    return a.dtype();
  }

  @Override
  public long size() {
    return a.rows();
  }

  /** The matrix itself. */
  Matrix matrix() {
    return a;
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    backend.gemm(NO, NO, 1, x, a, 0, y);
  }

  @Override
  public void rows(int[] indices, Matrix c) {
    for (int i = 0; i < indices.length; i++) {
      backend.copy(a.rowRange(indices[i], 1), c.rowRange(i, 1));
    }
  }

  @Override
  public double flops(long vectors) {
    return 2.0 * vectors * size() * size();
  }

  @Override
  public int preferredBlock() {
    return BLOCK;
  }

  @Override
  public OptionalDouble trace() {
    double trace = 0;
    for (long i = 0; i < size(); i++) {
      trace += a.get(i, i);
    }
    return OptionalDouble.of(trace);
  }

  @Override
  public void close() {
    if (owner) {
      a.close();
    }
  }
}
