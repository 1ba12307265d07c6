package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Random;

/** The yardstick: a square product of the same machine, large enough to reach its full rate. */
final class Gemm implements Runnable, AutoCloseable {

  private static final int ORDER = 1536;

  private final Backend backend;
  private final Matrix left;
  private final Matrix right;
  private final Matrix product;

  Gemm(Backend backend, DType dtype) {
    this.backend = backend;
    this.left = gaussian(backend, dtype, ORDER, ORDER, 3);
    this.right = gaussian(backend, dtype, ORDER, ORDER, 4);
    this.product = backend.zeros(dtype, ORDER, ORDER);
  }

  @Override
  public void run() {
    backend.gemm(Transpose.NO, Transpose.NO, 1, left, right, 0, product);
  }

  /** Returns when the backend has done all that it was given; at once where it never puts work off. */
  void settle() {
    product.get(0, 0);
  }

  double flops() {
    return 2.0 * ORDER * ORDER * ORDER;
  }

  /** A matrix of independent normal numbers whose rows have a norm of about 1. */
  static Matrix gaussian(Backend backend, DType dtype, long rows, long cols, long seed) {
    Matrix matrix = backend.zeros(dtype, rows, cols);
    var random = new Random(seed);
    matrix.copyFrom(random.doubles(rows * cols).map(_ -> random.nextGaussian() / Math.sqrt(cols)).toArray());
    return matrix;
  }

  @Override
  public void close() {
    product.close();
    right.close();
    left.close();
  }
}
