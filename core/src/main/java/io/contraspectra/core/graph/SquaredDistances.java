package io.contraspectra.core.graph;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * Squared Euclidean distances between all pairs of samples, tile by tile: {@code |x|² + |y|² − 2 x·y} of centred
 * samples, a matrix product and no N x N matrix. Rounding leaves an error of at most {@link #error} times the sum of
 * the two squared norms.
 */
final class SquaredDistances implements AutoCloseable {

  static final int TILE_ROWS = 64;
  static final int TILE_COLS = 256;

  private final Backend backend;
  private final Matrix centred;
  private final double[] norms;

  /** Prepares the distances between the rows of X, N x d and finite. */
  SquaredDistances(Backend backend, Matrix x) {
    this.backend = backend;
    this.centred = backend.copyOf(x, x.dtype());
    try (Matrix mean = backend.zeros(x.dtype(), 1, x.cols()); Matrix squares = backend.zeros(x.dtype(), x.rows(), 1)) {
      backend.columnSums(-1.0 / x.rows(), x, 0, mean);
      backend.addRow(1, mean, centred);
      backend.rowDots(centred, centred, squares);
      norms = squares.toArray();
    } catch (RuntimeException | Error e) {
      centred.close();
      throw e;
    }
  }

  /** N. */
  int samples() {
    return norms.length;
  }

  /** Squared norms of the centred samples. */
  double[] norms() {
    return norms;
  }

  /** Bound of the rounding error, relative to the sum of the two squared norms. */
  double error() {
    double unit = centred.dtype() == DType.F64 ? 0x1p-53 : 0x1p-24;
    return 4 * (centred.cols() + 8) * unit;
  }

  long tileBytes() {
    return Workspace.bytes(centred.dtype(), TILE_ROWS, TILE_COLS);
  }

  /** {@code −2 x_i·x_j} for a block of rows and a block of columns, row by row. */
  double[] products(int row, int rows, int col, int cols, Workspace workspace) {
    workspace.reset();
    Matrix tile = workspace.matrix(centred.dtype(), rows, cols);
    backend.gemm(Transpose.NO, Transpose.YES, -2, centred.rowRange(row, rows), centred.rowRange(col, cols), 0, tile);
    return tile.toArray();
  }

  /**
   * The median of all N² squared distances, the zero diagonal included: the usual scale of heat weights. The mean of
   * the two middle ones if N is even.
   */
  double median() {
    long count = (long) samples() * samples();
    long upper = new DistanceRank(this, backend).at(count / 2);
    long lower = count % 2 == 1 ? upper : new DistanceRank(this, backend).at(count / 2 - 1);
    return (Double.longBitsToDouble(lower) + Double.longBitsToDouble(upper)) / 2;
  }

  @Override
  public void close() {
    centred.close();
  }
}
