package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.OptionalDouble;

/**
 * A symmetric linear map of n dimensions, known by what it does to blocks of vectors. An explicit matrix, a Gram
 * formed tile by tile and a product that never forms one are the same thing to an eigensolver.
 *
 * <p>Vectors are rows, as everywhere: a block is b x n, and the image of row i is row i of the result. One thread at a
 * time unless an implementation says otherwise; an operator that owns memory releases it on {@link #close()}.
 */
public interface SymmetricOperator extends AutoCloseable {

  /** Where the operator computes and where its operands must lie. */
  Backend backend();

  /** Element type of the vectors. */
  DType dtype();

  /** n. */
  long size();

  /**
   * {@code Y = X A}: every row of X is mapped.
   *
   * @param x b x n, not changed
   * @param y b x n, overwritten; must not overlap X
   */
  void apply(Matrix x, Matrix y);

  /** Floating-point operations of {@link #apply} on b vectors, a multiply-add counted as 2. */
  double flops(long vectors);

  /**
   * Rows of A, {@code C = A[indices, :]}. By default unit vectors are mapped; an operator that can form single rows
   * does better.
   *
   * @param indices b rows, each from 0 to n-1
   * @param c b x n, overwritten
   */
  default void rows(int[] indices, Matrix c) {
    try (Matrix units = backend().zeros(dtype(), indices.length, size())) {
      for (int i = 0; i < indices.length; i++) {
        units.set(i, indices[i], 1);
      }
      apply(units, c);
    }
  }

  /**
   * How many vectors one application should map at least: up to that many, one more costs little. By default the number
   * whose share of {@link #flops} equals the share that does not depend on their number, 64 at most.
   */
  default int preferredBlock() {
    double each = flops(2) - flops(1);
    double fixed = flops(1) - each;
    return Math.clamp(Math.round(fixed / each), 1, 64);
  }

  /** {@code tr A} where it is known at no more than the cost of one application. */
  default OptionalDouble trace() {
    return OptionalDouble.empty();
  }

  @Override
  default void close() {}
}
