package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reductions over blocks of {@link #BLOCK} elements in row-major order, whose results are added in pairs. Where a block
 * starts depends on the shape alone: a block that crosses gaps between rows is packed first, so that a view gives the
 * same bits as its copy.
 */
final class Reductions {

  private static final int BLOCK = 4096;
  // Blocks that a thread takes at a time.
  private static final int BATCH = 8;
  private static final long SLOT_BYTES = (long) BLOCK * Double.BYTES;
  private static final Scratch PACKED = new Scratch(2 * SLOT_BYTES);

  private final Workers workers;

  Reductions(Workers workers) {
    this.workers = workers;
  }

  /** Reduces one run. */
  interface One {
    double of(MemorySegment x, long xAt, long n);
  }

  /** Reduces two runs of one length. */
  interface Two {
    double of(MemorySegment x, long xAt, MemorySegment y, long yAt, long n);
  }

  double sum(Matrix x, One kernel) {
    return sum(blocks(x.size(), (from, n) -> on(x, from, n, kernel)));
  }

  double sum(Matrix x, Matrix y, Two kernel) {
    return sum(blocks(x.size(), (from, n) -> on(x, y, from, n, kernel)));
  }

  double max(Matrix x, One kernel) {
    double largest = 0;
    for (double block : blocks(x.size(), (from, n) -> on(x, from, n, kernel))) {
      largest = Math.max(largest, block);
    }
    return largest;
  }

  /** The sum over {@code n} elements of row {@code row} from {@code col} on. */
  static double rowSum(HostMatrix x, HostMatrix y, long row, long col, long n, Two kernel) {
    if (n <= BLOCK) {
      return n == 0 ? 0 : kernel.of(x.segment(), x.at(row, col), y.segment(), y.at(row, col), n);
    }
    long half = Math.ceilDiv(Math.ceilDiv(n, BLOCK), 2) * BLOCK;
    return rowSum(x, y, row, col, half, kernel) + rowSum(x, y, row, col + half, n - half, kernel);
  }

  /** Index of the first NaN or infinity, counted in row-major order, or -1. */
  long firstNonFinite(Matrix x, One maxAbs) {
    var first = new AtomicLong(Long.MAX_VALUE);
    forEachBlock(x.size(), (from, n) -> {
      if (from < first.get() && !Double.isFinite(on(x, from, n, maxAbs))) {
        first.accumulateAndGet(firstNonFinite(x, from), Math::min);
      }
    });
    return first.get() == Long.MAX_VALUE ? -1 : first.get();
  }

  // Some element from `from` on is known not to be finite.
  private static long firstNonFinite(Matrix x, long from) {
    HostMatrix host = HostMatrix.of(x);
    long index = from;
    while (Double.isFinite(host.get(index / x.cols(), index % x.cols()))) {
      index++;
    }
    return index;
  }

  private static double on(Matrix x, long from, int n, One kernel) {
    Block block = Block.of(x, from, n, 0);
    return kernel.of(block.segment, block.at, n);
  }

  private static double on(Matrix x, Matrix y, long from, int n, Two kernel) {
    Block a = Block.of(x, from, n, 0);
    Block b = Block.of(y, from, n, 1);
    return kernel.of(a.segment, a.at, b.segment, b.at, n);
  }

  private interface BlockValue {
    double of(long from, int n);
  }

  private interface BlockTask {
    void run(long from, int n);
  }

  private double[] blocks(long size, BlockValue value) {
    var values = new double[Math.toIntExact(Math.ceilDiv(size, BLOCK))];
    forEachBlock(size, (from, n) -> values[(int) (from / BLOCK)] = value.of(from, n));
    return values;
  }

  private void forEachBlock(long size, BlockTask task) {
    workers.requireOpen();
    long batch = (long) BATCH * BLOCK;
    if (size <= 2 * batch || Workers.working()) {
      range(0, size, task);
    } else {
      workers.forEach(Math.ceilDiv(size, batch), index ->
          range(index * batch, Math.min(size, (index + 1) * batch), task));
    }
  }

  private static void range(long from, long to, BlockTask task) {
    for (long at = from; at < to; at += BLOCK) {
      task.run(at, (int) Math.min(BLOCK, to - at));
    }
  }

  private static double sum(double[] values) {
    return values.length == 0 ? 0 : sum(values, 0, values.length);
  }

  private static double sum(double[] values, int from, int to) {
    if (to - from == 1) {
      return values[from];
    }
    int middle = (from + to) >>> 1;
    return sum(values, from, middle) + sum(values, middle, to);
  }

  /** A run that holds some consecutive elements of a matrix in row-major order. */
  private record Block(MemorySegment segment, long at) {

    static Block of(Matrix x, long from, int n, int slot) {
      HostMatrix host = HostMatrix.of(x);
      long row = from / x.cols();
      long col = from % x.cols();
      if (x.isContiguous() || col + n <= x.cols()) {
        return new Block(host.segment(), host.at(row, col));
      }
      MemorySegment packed = PACKED.get();
      pack(x, host, row, col, n, packed, slot * SLOT_BYTES);
      return new Block(packed, slot * SLOT_BYTES);
    }

    private static void pack(Matrix x, HostMatrix host, long row, long col, int n, MemorySegment target, long at) {
      long bytes = x.dtype().bytes();
      long end = at + n * bytes;
      while (at < end) {
        long piece = Math.min((x.cols() - col) * bytes, end - at);
        MemorySegment.copy(host.segment(), host.at(row, col), target, at, piece);
        at += piece;
        row++;
        col = 0;
      }
    }
  }
}
