package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.Optional;

/**
 * Halved squared distances D_ij = ‖z_i − z_j‖²/2, or advantages u_ij = d_i² − D_ij over given d_i², a block of rows at
 * a time, by matrix products and yet as exact as differences of coordinates would give them.
 *
 * <p>The usual ‖z_i‖²/2 + ‖z_j‖²/2 − z_i·z_j loses the digits that cancel. Here z = h + l, where h has so few bits that
 * the products and sums of ‖h_i‖²/2 + ‖h_j‖²/2 − h_i·h_j are all exact, and what l adds is smaller by those bits:
 * {@code −D_ij = [h_i·h_j − ‖h_i‖²/2 − ‖h_j‖²/2] + [l_i·z_j + h_i·l_j − e_i − e_j]}, e_i = l_i·(h_i + z_i)/2. Each
 * bracket is one product of matrices with two more columns.
 */
final class PairDistances {

  private final Backend backend;
  private final DType dtype;
  private final long rows;
  private final long cols;
  private final Matrix left;
  private final Matrix right;
  private final Matrix sum;

  PairDistances(Backend backend, Workspace workspace, DType dtype, long rows, long cols) {
    this.backend = backend;
    this.dtype = dtype;
    this.rows = rows;
    this.cols = cols;
    this.left = workspace.matrix(dtype, rows, 3 * cols + 4);
    this.right = workspace.matrix(dtype, rows, 3 * cols + 4);
    this.sum = workspace.matrix(dtype, rows, cols);
  }

  static long bytes(DType dtype, long rows, long cols) {
    return 2 * Workspace.bytes(dtype, rows, 3 * cols + 4) + Workspace.bytes(dtype, rows, cols);
  }

  /**
   * Takes the points.
   *
   * @param z N x K
   * @param positive d_i², N x 1, without which 0 is meant
   */
  void prepare(Matrix z, Optional<Matrix> positive) {
    Matrix high = left.block(0, 0, rows, cols);
    Matrix low = left.block(0, cols + 2, rows, cols);
    Matrix halfNorm = column(left, cols);
    Matrix error = column(right, 3 * cols + 3);
    split(z, high, low);
    backend.rowDots(high, high, halfNorm);
    backend.scale(.5, halfNorm);
    backend.copy(z, sum);
    backend.add(1, high, 1, sum);
    backend.rowDots(low, sum, error);
    backend.scale(-.5, error);

    backend.fill(1, column(left, cols + 1));
    backend.copy(high, left.block(0, 2 * cols + 2, rows, cols));
    backend.copy(error, column(left, 3 * cols + 2));
    positive.ifPresent(d2 -> backend.add(1, d2, 1, column(left, 3 * cols + 2)));
    backend.fill(1, column(left, 3 * cols + 3));

    backend.copy(high, right.block(0, 0, rows, cols));
    backend.fill(-1, column(right, cols));
    backend.add(-1, halfNorm, 0, column(right, cols + 1));
    backend.copy(z, right.block(0, cols + 2, rows, cols));
    backend.copy(low, right.block(0, 2 * cols + 2, rows, cols));
    backend.fill(1, column(right, 3 * cols + 2));
  }

  /** Overwrites the target, some rows x N, with {@code alpha (d_i² − D_ij)} for i from {@code first} on. */
  void fill(double alpha, long first, Matrix target) {
    product(alpha, first, 0, cols + 2, 0, target);
    product(alpha, first, cols + 2, 2 * cols + 2, 1, target);
  }

  private void product(double alpha, long first, long from, long width, double beta, Matrix target) {
    TiledGemm.gemm(backend, NO, YES, alpha, left.block(first, from, target.rows(), width),
        right.block(0, from, rows, width), beta, target);
  }

  /** z = h + l, with h a multiple of a power of two that leaves it the bits for which all sums below are exact. */
  private void split(Matrix z, Matrix high, Matrix low) {
    int mantissa = dtype == DType.F64 ? 53 : 24;
    int bits = (mantissa - 3 - (64 - Long.numberOfLeadingZeros(cols))) / 2;
    // Beyond such sizes squares leave the range of numbers anyway.
    int exponent = Math.clamp(Math.getExponent(backend.maxAbs(z)) + 1L, -100, 100);
    double rounder = Math.scalb(1.5, exponent - bits + mantissa - 1);
    backend.copy(z, high);
    backend.shift(rounder, high);
    backend.shift(-rounder, high);
    backend.copy(z, low);
    backend.add(-1, high, 1, low);
  }

  private static Matrix column(Matrix matrix, long col) {
    return matrix.block(0, col, matrix.rows(), 1);
  }
}
