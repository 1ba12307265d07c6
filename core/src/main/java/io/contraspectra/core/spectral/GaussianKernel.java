package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/**
 * The kernel {@code exp(−|x − x'|²/b)} of given samples, block by block: one product of rows
 * {@code [2x/b, 1, −|x|²/b]} and {@code [x', −|x'|²/b, 1]}, and its exponential while it is in cache.
 */
public final class GaussianKernel implements KernelBlocks {

  private final Backend backend;
  private final Matrix left;
  private final Matrix right;

  /**
   * The kernel of the rows of X.
   *
   * @param x N x d, finite
   * @param bandwidth2 b, positive
   */
  public GaussianKernel(Backend backend, Matrix x, double bandwidth2) {
    Requirements.positive("gaussian kernel", "bandwidth2", bandwidth2);
    backend.requireFinite("gaussian kernel: X", x);
    this.backend = backend;
    long n = x.rows();
    long d = x.cols();
    this.left = backend.zeros(x.dtype(), n, d + 2);
    this.right = backend.zeros(x.dtype(), n, d + 2);
    try (Matrix mean = backend.zeros(x.dtype(), 1, d)) {
      // Centred samples have smaller norms, and their differences lose fewer digits.
      Matrix centred = right.block(0, 0, n, d);
      Matrix norms = right.block(0, d, n, 1);
      backend.columnSums(1.0 / n, x, 0, mean);
      backend.copy(x, centred);
      backend.addRow(-1, mean, centred);
      backend.rowDots(centred, centred, norms);
      backend.scale(-1 / bandwidth2, norms);
      backend.fill(1, right.block(0, d + 1, n, 1));
      backend.add(2 / bandwidth2, centred, 0, left.block(0, 0, n, d));
      backend.fill(1, left.block(0, d, n, 1));
      backend.copy(norms, left.block(0, d + 1, n, 1));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public DType dtype() {
    return left.dtype();
  }

  @Override
  public long samples() {
    return left.rows();
  }

  @Override
  public void block(long row, long col, Matrix block) {
    backend.gemm(Transpose.NO, Transpose.YES, 1, left.rowRange(row, block.rows()), right.rowRange(col, block.cols()), 0,
        block);
    backend.map(UnaryFunction.EXP, block, block);
  }

  @Override
  public double flopsPerEntry() {
    return 2.0 * left.cols() + 20;
  }

  @Override
  public void close() {
    left.close();
    right.close();
  }
}
