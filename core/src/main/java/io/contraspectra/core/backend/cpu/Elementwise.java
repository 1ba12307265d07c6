package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/** Cuts matrices into runs of contiguous elements and spreads the runs over threads where that pays. */
final class Elementwise {

  // Below this many elements waking a thread costs more than it saves.
  private static final long CHUNK = 1 << 15;

  private final Workers workers;

  Elementwise(Workers workers) {
    this.workers = workers;
  }

  /** The elements ({@code row}, {@code col}) to ({@code row}, {@code col + n - 1}) of operands of one shape. */
  interface Run {
    void at(long row, long col, long n);
  }

  /** Rows {@code from} to {@code to - 1}. */
  interface RowRange {
    void of(long from, long to);
  }

  /** Runs that cover matrices of one shape; where none has gaps, a run may go on into following rows. */
  void runs(Run run, Matrix first, Matrix... others) {
    boolean contiguous = first.isContiguous();
    for (Matrix other : others) {
      contiguous &= other.isContiguous();
    }
    if (contiguous) {
      rows(1, first.size(), run);
    } else {
      rows(first.rows(), first.cols(), run);
    }
  }

  /** A run of {@code n} elements of two operands. */
  interface PairRun {
    void of(MemorySegment x, long xAt, MemorySegment y, long yAt, long n);
  }

  /** As {@link #runs}, of two operands. */
  void pairs(PairRun run, Matrix x, Matrix y) {
    HostMatrix from = HostMatrix.of(x);
    HostMatrix to = HostMatrix.of(y);
    runs((i, j, n) -> run.of(from.segment(), from.at(i, j), to.segment(), to.at(i, j), n), x, y);
  }

  /** Runs that cover {@code rows} rows of {@code cols} elements, each of them a row or a part of one. */
  void rows(long rows, long cols, Run run) {
    if (rows * cols < 2 * CHUNK || cols < CHUNK || Workers.working()) {
      ranges(rows, cols, (from, to) -> {
        for (long row = from; row < to; row++) {
          run.at(row, 0, cols);
        }
      });
    } else {
      long perRow = Math.ceilDiv(cols, CHUNK);
      workers.forEach(rows * perRow, index -> {
        long col = index % perRow * CHUNK;
        run.at(index / perRow, col, Math.min(CHUNK, cols - col));
      });
    }
  }

  /** All of {@code rows} rows, one by one, each of which costs about as much as {@code cols} elements. */
  void each(long rows, long cols, LongConsumer row) {
    ranges(rows, cols, (from, to) -> {
      for (long i = from; i < to; i++) {
        row.accept(i);
      }
    });
  }

  /** Ranges that cover {@code rows} rows, each of which costs about as much as {@code cols} elements. */
  void ranges(long rows, long cols, RowRange range) {
    workers.requireOpen();
    if (rows == 0 || cols == 0) {
      return;
    }
    if (rows * cols < 2 * CHUNK || Workers.working()) {
      range.of(0, rows);
    } else {
      long height = Math.max(1, CHUNK / cols);
      workers.forEach(Math.ceilDiv(rows, height), index ->
          range.of(index * height, Math.min(rows, (index + 1) * height)));
    }
  }
}
