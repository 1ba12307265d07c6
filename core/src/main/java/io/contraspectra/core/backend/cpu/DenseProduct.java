package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@code C = alpha A op(B) + beta C} by {@link DenseTiles}, on one thread faster than OpenBLAS because A is not copied.
 * The order in which a sum's terms are added depends on the inner size alone.
 */
final class DenseProduct {

  // A strip of the panel stays in the second-level cache.
  private static final int MOST_UNITS = 1024;

  // Below these sizes too much time goes into packing and edges, and compiling the tiles is not worth while.
  private static final double LEAST_FLOPS = 5e7;
  private static final int LEAST_UNITS = 48;
  private static final int LEAST_ROWS = 128;
  private static final int LEAST_ROWS_TO_TRANSPOSE_FOR = 384;

  // Calls after which C2 has compiled the tiles. On few units they take half a second, as it comes some seconds.
  private static final int WARM_UP_CALLS = 15_000;
  private static final int WARM_UP_UNITS = 8;

  private final DenseTiles tiles;
  private final boolean transposes;

  DenseProduct(DenseTiles tiles, Transpose tb) {
    this.tiles = tiles;
    this.transposes = tb == Transpose.YES;
  }

  /** Has the tiles compiled. */
  static void warmUp(DenseTiles tiles) {
    try (Arena arena = Arena.ofConfined()) {
      long step = WARM_UP_UNITS * (long) Double.BYTES;
      MemorySegment rows = arena.allocate(DenseTiles.ROWS * step, Double.BYTES);
      tiles.reserve(WARM_UP_UNITS);
      for (int i = 0; i < WARM_UP_CALLS; i++) {
        tiles.wide(rows, 0, step, WARM_UP_UNITS);
        tiles.narrow(rows, 0, step, WARM_UP_UNITS);
      }
    }
  }

  /** Whether register tiles are faster than BLAS for a product of m x n of inner size k, on one thread. */
  static boolean pays(Transpose ta, Transpose tb, long m, long n, long k) {
    return ta == Transpose.NO && m >= (tb == Transpose.YES ? LEAST_ROWS_TO_TRANSPOSE_FOR : LEAST_ROWS)
        && k >= LEAST_UNITS && 2.0 * m * n * k >= LEAST_FLOPS
        && Math.max(m, Math.max(n, k)) <= Integer.MAX_VALUE;
  }

  /** Forms the product, of at least {@link DenseTiles#ROWS} rows. */
  void into(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    HostMatrix left = HostMatrix.of(a);
    HostMatrix right = HostMatrix.of(b);
    HostMatrix to = HostMatrix.of(c);
    int units = (int) a.cols();
    int depth = Math.ceilDiv(units, Math.ceilDiv(units, MOST_UNITS));
    int wide = DenseTiles.WIDE * tiles.lanes();
    tiles.reserve(depth);
    for (int unit = 0; unit < units; unit += depth) {
      int count = Math.min(depth, units - unit);
      double keep = unit == 0 ? beta : 1;
      int width;
      for (int col = 0; col < c.cols(); col += width) {
        int rest = (int) c.cols() - col;
        int vectors = rest > wide - tiles.lanes() ? DenseTiles.WIDE : 1;
        width = Math.min(vectors * tiles.lanes(), rest);
        pack(right, unit, count, col, width, vectors);
        strip(left, unit, count, (int) c.rows(), vectors, alpha, keep, to, col, width);
      }
    }
  }

  private void pack(HostMatrix right, int unit, int units, int col, int width, int vectors) {
    if (transposes) {
      tiles.packRows(right.segment(), right.at(col, unit), right.rowStride(), width, vectors, units);
    } else {
      tiles.packColumns(right.segment(), right.at(unit, col), right.rowStride(), width, vectors, units);
    }
  }

  private void strip(HostMatrix left, int unit, int units, int rows, int vectors, double alpha, double beta,
      HostMatrix to, int col, int width) {
    for (int row = 0; row < rows; row += DenseTiles.ROWS) {
      // The last tile goes back to have as many rows as the others.
      int first = Math.min(row, rows - DenseTiles.ROWS);
      if (vectors == 1) {
        tiles.narrow(left.segment(), left.at(first, unit), left.rowStride(), units);
      } else {
        tiles.wide(left.segment(), left.at(first, unit), left.rowStride(), units);
      }
      tiles.store(row - first, vectors, alpha, beta, to.segment(), to.at(first, col), to.rowStride(), width);
    }
  }
}
