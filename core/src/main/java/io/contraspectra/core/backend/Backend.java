package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory and arithmetic of one device. Obtained from {@link Backends}; everything above this class runs unchanged on
 * any of them.
 *
 * <p>Every operation checks element types, shapes, aliasing, reach and lifetime of its operands before it touches a
 * number, so that no argument can harm the process. Operations on different outputs may run on several threads at once.
 */
public final class Backend extends FactorisationOperations implements AutoCloseable {

  /** Wraps an engine; applications use {@link Backends}. */
  public Backend(Engine engine) {
    super(engine);
  }

  /** Short name, e.g. {@code cpu}. */
  public String name() {
    return engine.name();
  }

  /** One line for people: library, kernels, threads. */
  public String describe() {
    return engine.describe();
  }

  /**
   * A matrix of zeros that the caller must close.
   *
   * @throws ShapeMismatch if a size is negative or the matrix exceeds the address space
   */
  public Matrix zeros(DType dtype, long rows, long cols) {
    return Matrix.owning(engine.allocate(Matrix.bytes(dtype, rows, cols)), dtype, rows, cols);
  }

  /**
   * A new {@code f64} matrix with the given elements, row by row.
   *
   * @param values {@code rows * cols} numbers
   */
  public Matrix matrix(long rows, long cols, double... values) {
    if (Matrix.bytes(DType.F64, rows, cols) / Double.BYTES != values.length) {
      throw new ShapeMismatch("a " + rows + "x" + cols + " matrix needs " + rows * cols + " values, got "
          + values.length);
    }
    Matrix matrix = zeros(DType.F64, rows, cols);
    matrix.copyFrom(values);
    return matrix;
  }

  /** A new contiguous matrix with the elements of {@code x} in the element type {@code dtype}. */
  public Matrix copyOf(Matrix x, DType dtype) {
    Matrix copy = zeros(dtype, x.rows(), x.cols());
    try {
      copy(x, copy);
      return copy;
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  /**
   * Bytes of the backend's memory that can be taken now, what operations need for themselves left aside; for a device
   * what is free of it and allowed, for the processors no limit, since the system decides.
   */
  public long available() {
    return engine.available();
  }

  /** Scratch memory for matrices that live and die together; the caller must close it. */
  public Workspace workspace(long bytes) {
    if (bytes < 0) {
      throw new InvalidArgument("workspace: " + bytes + " bytes asked for, the size must not be negative");
    }
    return new Workspace(engine.scratch(bytes), bytes);
  }

  /**
   * Runs tiles 0 to {@code count - 1}, each with an empty workspace, in parallel where that pays. Inside a tile every
   * operation of this backend runs on the tile's own thread, so that its bits do not depend on how many tiles run at
   * once. When a tile throws, no further tile starts and the exception is thrown here.
   *
   * @param workspaceBytes size of the workspace that each tile gets
   */
  public void tiles(long count, long workspaceBytes, TileTask task) {
    if (count < 0 || workspaceBytes < 0) {
      throw new InvalidArgument("tiles: count " + count + " and workspace bytes " + workspaceBytes
          + " must not be negative");
    }
    engine.tiles(count, workspaceBytes, task);
  }

  /**
   * The same, telling a listener how many tiles are finished.
   *
   * @param progress its units are tiles
   */
  public void tiles(long count, long workspaceBytes, Progress progress, TileTask task) {
    progress.advanced(0, count);
    var finished = new AtomicLong();
    tiles(count, workspaceBytes, (tile, workspace) -> {
      task.run(tile, workspace);
      synchronized (finished) {
        progress.advanced(finished.incrementAndGet(), count);
      }
    });
  }

  /**
   * Tiles that {@link #tiles} runs at once for one caller, at least 1: so many workspaces are open at a time, of fewer
   * tiles fewer.
   */
  public int concurrency() {
    return engine.concurrency();
  }

  /** Gives back what the backend itself holds; matrices must be closed by their owners. */
  @Override
  public void close() {
    engine.close();
  }

  @Override
  public String toString() {
    return describe();
  }
}
