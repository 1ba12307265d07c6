package io.contraspectra.core.matrix;

/**
 * A slab of memory from which matrices are carved one after the other, for buffers that live and die together. Carved
 * matrices are views: closing them does nothing, closing the workspace frees all. {@link #reset()} makes the whole slab
 * free again, so that a loop allocates nothing after its first step. Not thread-safe; one thread, one workspace.
 */
public final class Workspace implements AutoCloseable {

  private static final long ALIGNMENT = 64;

  private final Memory slab;
  private final long capacity;
  private long top;

  /** Takes over {@code slab}, and closes it with itself. */
  public Workspace(Memory slab) {
    this(slab, slab.byteSize());
  }

  /** Takes over the first {@code capacity} bytes of {@code slab}, which may be larger, and closes it with itself. */
  public Workspace(Memory slab, long capacity) {
    if (capacity < 0 || capacity > slab.byteSize()) {
      throw new InvalidArgument("workspace: " + capacity + " bytes of a slab of " + slab.byteSize());
    }
    this.slab = slab;
    this.capacity = capacity;
  }

  /** Bytes that one matrix takes from a workspace, padding included; sum them to size the slab. */
  public static long bytes(DType dtype, long rows, long cols) {
    long bytes = Matrix.bytes(dtype, rows, cols);
    if (bytes > Long.MAX_VALUE - ALIGNMENT) {
      throw new ShapeMismatch("a " + rows + "x" + cols + " matrix does not fit into a 64-bit address space");
    }
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  /**
   * Carves a contiguous matrix. Its content is whatever the slab held before.
   *
   * @throws InvalidArgument if the slab has too little left
   */
  public Matrix matrix(DType dtype, long rows, long cols) {
    long bytes = bytes(dtype, rows, cols);
    if (bytes > capacity - top) {
      throw new InvalidArgument("workspace of " + capacity + " bytes has " + (capacity - top)
          + " left, a " + rows + "x" + cols + " " + dtype + " matrix needs " + bytes);
    }
    Matrix matrix = Matrix.over(slab, dtype, top / dtype.bytes(), rows, cols, cols);
    top += bytes;
    return matrix;
  }

  /** Where the next matrix will start, for {@link #reset(long)}. */
  public long mark() {
    return top;
  }

  /** Makes the whole slab free again; matrices carved before must no longer be used. */
  public void reset() {
    reset(0);
  }

  /**
   * Makes free again what was carved since a mark; those matrices must no longer be used.
   *
   * @param mark what {@link #mark()} returned
   */
  public void reset(long mark) {
    if (mark < 0 || mark > top) {
      throw new InvalidArgument("workspace: mark " + mark + " is not between 0 and " + top);
    }
    top = mark;
  }

  @Override
  public void close() {
    slab.close();
  }
}
