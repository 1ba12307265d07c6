package io.contraspectra.core.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.operator.SymmetricOperator;

/**
 * A kernel as an operator: its blocks on and above the diagonal, each used for itself and for its mirror image. As many
 * blocks as the budget holds are computed once and kept, the others whenever the operator is applied. The order of all
 * sums depends on the shapes alone: same bits for any budget and any number of threads.
 */
public final class BlockKernelOperator implements SymmetricOperator {

  /** Two uses of a block should find it in the second-level cache. */
  static final int BLOCK = 256;

  /** Vectors for which reading a kept block costs about as much as multiplying by it. */
  private static final int KEPT_VECTORS = 8;

  /** Vectors for which computing a block costs about as much as multiplying by it. */
  private static final int STREAMED_VECTORS = 16;

  private static final long PARTIAL_ENTRIES = 1 << 24;
  private static final int MOST_GROUPS = 32;
  private static final int LEAST_GROUPS = 4;

  private final KernelBlocks kernel;
  private final Backend backend;
  private final int side;
  private final long blocks;
  private final long kept;
  private final Matrix store;

  /**
   * The operator of a kernel, which stays the caller's and must outlive it.
   *
   * @param memory bytes that blocks may take; with 0 all are computed at every application
   */
  public BlockKernelOperator(KernelBlocks kernel, long memory) {
    this.kernel = kernel;
    this.backend = kernel.backend();
    this.side = Math.toIntExact(Math.ceilDiv(kernel.samples(), BLOCK));
    this.blocks = side * (side + 1L) / 2;
    this.kept = Math.min(blocks, memory / Matrix.bytes(kernel.dtype(), BLOCK, BLOCK));
    this.store = backend.zeros(kernel.dtype(), kept * BLOCK, BLOCK);
    try {
      backend.tiles(kept, 0, Progress.current(), (index, _) -> compute(place(index), kept(index)));
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /** Bytes that keep all blocks of a kernel of N samples. */
  public static long bytes(DType dtype, long samples) {
    long side = Math.ceilDiv(samples, BLOCK);
    return Matrix.bytes(dtype, side * (side + 1) / 2 * BLOCK, BLOCK);
  }

  /** Whether some blocks are computed at every application. */
  public boolean isStreamed() {
    return kept < blocks;
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public DType dtype() {
    return kernel.dtype();
  }

  @Override
  public long size() {
    return kernel.samples();
  }

  @Override
  public double flops(long vectors) {
    double entries = (double) size() * size();
    return 2 * entries * vectors + entries / 2 * kernel.flopsPerEntry() * (blocks - kept) / blocks;
  }

  @Override
  public int preferredBlock() {
    return isStreamed() ? STREAMED_VECTORS : KEPT_VECTORS;
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    if (x.cols() != size() || y.cols() != size() || x.rows() != y.rows()) {
      throw new ShapeMismatch("kernel operator: " + x.describe("X") + " and " + y.describe("Y")
          + " must be blocks of equally many rows of length " + size());
    }
    long b = x.rows();
    long groups = groups(b);
    try (Matrix partial = backend.zeros(dtype(), groups * b, size())) {
      backend.tiles(groups, Workspace.bytes(dtype(), BLOCK, BLOCK), (group, workspace) -> {
        Matrix sums = partial.rowRange(group * b, b);
        for (long index = group * blocks / groups; index < (group + 1) * blocks / groups; index++) {
          workspace.reset();
          add(index, workspace, x, sums);
        }
      });
      backend.copy(partial.rowRange(0, b), y);
      for (long group = 1; group < groups; group++) {
        backend.add(1, partial.rowRange(group * b, b), 1, y);
      }
    }
  }

  @Override
  public void close() {
    store.close();
  }

  /** Rows of blocks, columns of blocks. */
  private record Place(int i, int j) {}

  private void add(long index, Workspace workspace, Matrix x, Matrix sums) {
    Place place = place(index);
    Matrix block;
    if (index < kept) {
      block = kept(index);
    } else {
      block = workspace.matrix(dtype(), length(place.i()), length(place.j()));
      compute(place, block);
    }
    backend.gemm(NO, NO, 1, part(x, place.i()), block, 1, part(sums, place.j()));
    if (place.i() != place.j()) {
      backend.gemm(NO, YES, 1, part(x, place.j()), block, 1, part(sums, place.i()));
    }
  }

  private void compute(Place place, Matrix block) {
    kernel.block((long) place.i() * BLOCK, (long) place.j() * BLOCK, block);
  }

  private Matrix kept(long index) {
    Place place = place(index);
    long rows = length(place.i());
    long cols = length(place.j());
    return Matrix.over(store.memory(), dtype(), index * BLOCK * BLOCK, rows, cols, cols);
  }

  /** Blocks are counted row by row, each row from the diagonal on. */
  private Place place(long index) {
    long left = index;
    int i = 0;
    while (left >= side - i) {
      left -= side - i++;
    }
    return new Place(i, i + (int) left);
  }

  private long length(int block) {
    return Math.min(BLOCK, size() - (long) block * BLOCK);
  }

  private Matrix part(Matrix vectors, int block) {
    return vectors.block(0, (long) block * BLOCK, vectors.rows(), length(block));
  }

  private long groups(long vectors) {
    long wanted = PARTIAL_ENTRIES / Math.max(1, vectors * size());
    return Math.min(blocks, Math.clamp(wanted, LEAST_GROUPS, MOST_GROUPS));
  }
}
