package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;

/**
 * A product cut into tiles that are a function of its shape alone, so that its bits do not depend on the number of
 * threads, as those of a product that BLAS spreads over threads do. Cuts the longer side of the result.
 */
final class TiledGemm {

  // Below this a tile is not worth handing to a thread; products of fewer rows or columns run at a lower rate.
  private static final double LEAST_FLOPS = 16e6;
  private static final long STEP = 64;

  private TiledGemm() {}

  /** {@code C = alpha op(A) op(B) + beta C}, see {@link Backend#gemm}. */
  static void gemm(
      Backend backend, Transpose ta, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    long inner = ta == NO ? a.cols() : a.rows();
    boolean byRows = c.rows() >= c.cols();
    long length = byRows ? c.rows() : c.cols();
    long piece = piece(inner, byRows ? c.cols() : c.rows());
    backend.tiles(Math.ceilDiv(length, piece), 0, (tile, workspace) -> {
      long from = tile * piece;
      long count = Math.min(piece, length - from);
      if (byRows) {
        Matrix rows = ta == NO ? a.rowRange(from, count) : a.block(0, from, a.rows(), count);
        backend.gemm(ta, tb, alpha, rows, b, beta, c.rowRange(from, count));
      } else {
        Matrix cols = tb == NO ? b.block(0, from, b.rows(), count) : b.rowRange(from, count);
        backend.gemm(ta, tb, alpha, a, cols, beta, c.block(0, from, c.rows(), count));
      }
    });
  }

  private static long piece(long inner, long other) {
    double flopsOfStep = 2.0 * STEP * Math.max(1, inner) * Math.max(1, other);
    return STEP * (long) Math.max(1, Math.ceil(LEAST_FLOPS / flopsOfStep));
  }
}
