package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.Arrays;

/**
 * {@code (1/n)Σ_i [logsumexp_j z_i·ẑ_j − z_i·ẑ_i]} over all n partners ẑ, the own one included, with gradients. The n x
 * n similarities are formed and used block by block of rows while they are in cache, and never stored.
 *
 * <p>Groups of blocks run in parallel; what they add to the partners' gradient is summed in a fixed order, so that the
 * result does not depend on the number of threads. One thread, one evaluation; close it.
 */
final class RowContrast implements AutoCloseable {

  /** Similarities of one block of rows: 256 KiB of doubles. */
  private static final long BLOCK = 32_768;

  private static final long MOST_GROUPS = 8;

  private final Backend backend;
  private final DType dtype;
  private final long n;
  private final long r;
  private final long blockRows;
  private final long groupRows;
  private final int groups;
  private final Workspace workspace;
  private final Matrix partial;
  private final double[] values;

  RowContrast(Backend backend, DType dtype, long n, long r) {
    this.backend = backend;
    this.dtype = dtype;
    this.n = n;
    this.r = r;
    this.blockRows = Math.clamp(BLOCK / n, 1, n);
    long blocks = Math.ceilDiv(n, blockRows);
    this.groupRows = blockRows * Math.ceilDiv(blocks, MOST_GROUPS);
    this.groups = Math.toIntExact(Math.ceilDiv(n, groupRows));
    this.workspace = backend.workspace(Workspace.bytes(dtype, groups * n, r));
    this.partial = workspace.matrix(dtype, groups * n, r);
    this.values = new double[groups];
  }

  /**
   * The value.
   *
   * @param z anchors, n x r
   * @param partners ẑ, n x r
   * @param factor what the gradients are multiplied by
   * @param dz {@code += factor · d/dz}
   * @param dPartners {@code += factor · d/dẑ}
   */
  double evaluate(Matrix z, Matrix partners, double factor, Matrix dz, Matrix dPartners) {
    long bytes = Workspace.bytes(dtype, blockRows, n) + 2 * Workspace.bytes(dtype, blockRows, 1);
    backend.tiles(groups, bytes, (group, scratch) -> group(Math.toIntExact(group), scratch, z, partners, factor, dz));
    for (int group = 0; group < groups; group++) {
      backend.add(1, partial.rowRange(group * n, n), 1, dPartners);
    }
    backend.add(-factor / n, partners, 1, dz);
    backend.add(-factor / n, z, 1, dPartners);
    return Arrays.stream(values).sum() / n;
  }

  private void group(int group, Workspace scratch, Matrix z, Matrix partners, double factor, Matrix dz) {
    Matrix mine = partial.rowRange(group * n, n);
    backend.fill(0, mine);
    values[group] = 0;
    long end = Math.min(n, (group + 1) * groupRows);
    for (long row = group * groupRows; row < end; row += blockRows) {
      long rows = Math.min(blockRows, end - row);
      scratch.reset();
      Matrix similarities = scratch.matrix(dtype, rows, n);
      Matrix logSumExp = scratch.matrix(dtype, rows, 1);
      Matrix own = scratch.matrix(dtype, rows, 1);
      Matrix anchors = z.rowRange(row, rows);
      backend.gemm(NO, YES, 1, anchors, partners, 0, similarities);
      backend.rowDots(anchors, partners.rowRange(row, rows), own);
      backend.softmaxRows(similarities, logSumExp);
      values[group] += backend.sum(logSumExp) - backend.sum(own);
      backend.gemm(NO, NO, factor / n, similarities, partners, 1, dz.rowRange(row, rows));
      backend.gemm(YES, NO, factor / n, similarities, anchors, 1, mine);
    }
  }

  @Override
  public void close() {
    workspace.close();
  }
}
