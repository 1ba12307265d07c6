package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * {@code r_j = alpha Σ_i X_ij + beta r_j}: adds whole rows, {@link #ROWS} at a time, and those partial sums in pairs. A
 * column's sum depends on its numbers only, so columns may be cut into strips in any way.
 */
final class ColumnSums {

  private static final long ROWS = 64;
  // Partial sums of one strip, 4 KiB a level, stay in the first-level cache.
  private static final int STRIP = 512;
  private static final long WORTH_THREADS = 1 << 16;
  private static final int LEVELS = Long.SIZE;
  private static final long LEVEL_BYTES = (long) STRIP * Double.BYTES;
  private static final Scratch SUMS = new Scratch(LEVELS * LEVEL_BYTES);

  private final RowKernels kernels;
  private final RowKernels doubles;
  private final Matrix x;
  private final HostMatrix from;

  ColumnSums(RowKernels kernels, RowKernels doubles, Matrix x) {
    this.kernels = kernels;
    this.doubles = doubles;
    this.x = x;
    this.from = HostMatrix.of(x);
  }

  void into(Matrix row, double alpha, double beta, Workers workers) {
    workers.requireOpen();
    long width = Math.clamp(Math.ceilDiv(x.cols(), workers.threads()), 1, STRIP);
    long strips = Math.ceilDiv(x.cols(), width);
    if (x.size() < WORTH_THREADS || strips == 1 || Workers.working()) {
      for (long col = 0; col < x.cols(); col += STRIP) {
        strip(alpha, beta, row, col, Math.min(STRIP, x.cols() - col));
      }
    } else {
      workers.forEach(strips, index ->
          strip(alpha, beta, row, index * width, Math.min(width, x.cols() - index * width)));
    }
  }

  private void strip(double alpha, double beta, Matrix row, long col, long n) {
    MemorySegment scratch = SUMS.get();
    HostMatrix to = HostMatrix.of(row);
    long sums = LEVEL_BYTES;
    doubles.fill(0, scratch, sums, n);
    accumulate(scratch, sums, 0, x.rows(), col, n);
    if (beta == 0) {
      doubles.scale(alpha, scratch, sums, scratch, 0, n);
    } else {
      kernels.widen(to.segment(), to.at(0, col), scratch, 0, n);
      doubles.add(alpha, scratch, sums, beta, scratch, 0, n);
    }
    kernels.narrow(scratch, 0, to.segment(), to.at(0, col), n);
  }

  // Adds rows first to first + count - 1 to the zeros at byte `sums`; what lies above is free, the first level too.
  private void accumulate(MemorySegment scratch, long sums, long first, long count, long col, long n) {
    if (count <= ROWS) {
      for (long row = first; row < first + count; row++) {
        addRow(scratch, sums, from.at(row, col), n);
      }
      return;
    }
    long half = Math.ceilDiv(Math.ceilDiv(count, ROWS), 2) * ROWS;
    accumulate(scratch, sums, first, half, col, n);
    long others = sums + LEVEL_BYTES;
    doubles.fill(0, scratch, others, n);
    accumulate(scratch, others, first + half, count - half, col, n);
    doubles.add(1, scratch, others, 1, scratch, sums, n);
  }

  private void addRow(MemorySegment scratch, long sums, long at, long n) {
    if (x.dtype() == DType.F64) {
      doubles.add(1, from.segment(), at, 1, scratch, sums, n);
    } else {
      kernels.widen(from.segment(), at, scratch, 0, n);
      doubles.add(1, scratch, 0, 1, scratch, sums, n);
    }
  }
}
