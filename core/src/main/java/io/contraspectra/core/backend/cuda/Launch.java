package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaStreams;
import io.contraspectra.bindings.cuda.CudaStreams.Geometry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One launch: its arguments in the order of the kernel's parameters, then its geometry. Kernels stride over the grid,
 * so that the geometry decides on speed alone.
 */
final class Launch {

  /** Threads of a block that reduces; the kernels know it too. */
  static final int THREADS = 128;

  private static final int WIDE = 256;
  private static final int SQUARE_X = 32;
  private static final int SQUARE_Y = 8;
  private static final int BLOCKS_A_MULTIPROCESSOR = 16;
  private static final int MOST_BLOCKS_DOWN = 65535;
  private static final long VALUES = 256;

  private final Lane lane;
  private final long function;
  private final String name;
  private final long mostBlocks;
  private final MemorySegment memory;
  private int count;
  private long top = VALUES;

  Launch(Lane lane, long function, String name, int multiprocessors) {
    this.lane = lane;
    this.function = function;
    this.name = name;
    this.mostBlocks = (long) BLOCKS_A_MULTIPROCESSOR * multiprocessors;
    this.memory = lane.arguments();
  }

  Launch matrix(Operand m) {
    long at = next(4 * Long.BYTES);
    memory.set(ValueLayout.JAVA_LONG, at, m.address());
    memory.set(ValueLayout.JAVA_LONG, at + 8, m.rows());
    memory.set(ValueLayout.JAVA_LONG, at + 16, m.cols());
    memory.set(ValueLayout.JAVA_LONG, at + 24, m.ld());
    return this;
  }

  Launch matrices(Operand... operands) {
    for (Operand operand : operands) {
      matrix(operand);
    }
    return this;
  }

  Launch real(double value) {
    memory.set(ValueLayout.JAVA_DOUBLE, next(Double.BYTES), value);
    return this;
  }

  /** A 64-bit integer, or an address. */
  Launch integer(long value) {
    memory.set(ValueLayout.JAVA_LONG, next(Long.BYTES), value);
    return this;
  }

  /** An {@code int} that says yes or no. */
  Launch flag(boolean value) {
    memory.set(ValueLayout.JAVA_INT, next(Long.BYTES), value ? 1 : 0);
    return this;
  }

  /** Runs on threads in two dimensions, for kernels that take every (i, j) once. */
  void each(long rows, long cols) {
    if (rows == 0 || cols == 0) {
      return;
    }
    int x = rows == 1 ? WIDE : SQUARE_X;
    int y = rows == 1 ? 1 : SQUARE_Y;
    long across = Math.min(Math.ceilDiv(cols, x), mostBlocks);
    long down = Math.clamp(mostBlocks / across, 1, MOST_BLOCKS_DOWN);
    launch(new Geometry((int) across, (int) Math.min(Math.ceilDiv(rows, y), down), x, y));
  }

  /** Runs on blocks of threads in a row, each of which takes one or more of {@code parts}. */
  void blocks(long parts) {
    blocks(parts, THREADS, 1);
  }

  /** Runs on blocks of 32 x 8 threads, each of which takes one or more of {@code parts}. */
  void squares(long parts) {
    blocks(parts, SQUARE_X, SQUARE_Y);
  }

  private void blocks(long parts, int x, int y) {
    if (parts > 0) {
      launch(new Geometry((int) Math.min(parts, mostBlocks), 1, x, y));
    }
  }

  private void launch(Geometry geometry) {
    CudaStreams.launch(function, name, geometry, lane.stream(), memory);
  }

  private long next(long bytes) {
    long at = top;
    memory.setAtIndex(ValueLayout.ADDRESS, count++, memory.asSlice(at, bytes));
    top += bytes;
    return at;
  }
}
