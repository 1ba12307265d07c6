package io.contraspectra.core.matrix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A row-major matrix of {@code f32} or {@code f64} numbers: {@code rows} rows of {@code cols} elements,
 * {@code leadingDimension} elements apart, somewhere in a {@link Memory}. Rows are samples wherever data is meant.
 *
 * <p>A matrix that a backend allocated owns its memory and must be closed; a view shares the memory of its owner, and
 * closing it does nothing. Sizes are long: a Gram matrix may hold more than 2^31 elements. Reading is thread-safe;
 * writing is not synchronised. Arithmetic lives in the backend; the element accessors here are for tests, small results
 * and copying in and out.
 */
public final class Matrix implements AutoCloseable {

  /** Of a copy to the host at a time: a device has both of its staging buffers at work. */
  private static final long PIECE_BYTES = 16 << 20;

  // Single precision is converted in pieces of this many elements.
  private static final ThreadLocal<float[]> SINGLES = ThreadLocal.withInitial(() -> new float[1 << 14]);

  private final Memory memory;
  private final DType dtype;
  private final long offset;
  private final long rows;
  private final long cols;
  private final long leadingDimension;
  private final boolean owner;

  private Matrix(Memory memory, DType dtype, long offset, long rows, long cols, long leadingDimension, boolean owner) {
    this.memory = memory;
    this.dtype = dtype;
    this.offset = offset;
    this.rows = rows;
    this.cols = cols;
    this.leadingDimension = leadingDimension;
    this.owner = owner;
  }

  /** A contiguous matrix that owns {@code memory} and starts at its first byte. */
  public static Matrix owning(Memory memory, DType dtype, long rows, long cols) {
    checkFits(memory, dtype, 0, rows, cols, cols);
    return new Matrix(memory, dtype, 0, rows, cols, cols, true);
  }

  /**
   * A matrix laid over memory that somebody else owns.
   *
   * @param offset first element, counted in elements of {@code dtype}
   * @param leadingDimension elements from one row to the next, at least {@code cols}
   * @throws ShapeMismatch if the matrix does not lie inside the memory
   */
  public static Matrix over(
      Memory memory, DType dtype, long offset, long rows, long cols, long leadingDimension) {
    checkFits(memory, dtype, offset, rows, cols, leadingDimension);
    return new Matrix(memory, dtype, offset, rows, cols, leadingDimension, false);
  }

  /**
   * Bytes of a contiguous matrix.
   *
   * @throws ShapeMismatch if a size is negative or the product does not fit into 63 bits
   */
  public static long bytes(DType dtype, long rows, long cols) {
    if (rows < 0 || cols < 0) {
      throw new ShapeMismatch("a " + rows + "x" + cols + " matrix: sizes must not be negative");
    }
    try {
      return Math.multiplyExact(Math.multiplyExact(rows, cols), dtype.bytes());
    } catch (ArithmeticException e) {
      throw new ShapeMismatch("a " + rows + "x" + cols + " matrix does not fit into a 64-bit address space");
    }
  }

  private static void checkFits(Memory memory, DType dtype, long offset, long rows, long cols, long ld) {
    bytes(dtype, rows, cols);
    if (ld < cols || offset < 0) {
      throw new ShapeMismatch("a " + rows + "x" + cols + " matrix at offset " + offset + " with leading dimension " + ld
          + ": the offset must not be negative, the leading dimension at least the number of columns");
    }
    bytes(dtype, rows, ld);
    long last = rows == 0 || cols == 0 ? 0 : (rows - 1) * ld + cols;
    if (offset > memory.byteSize() / dtype.bytes() - last) {
      throw new ShapeMismatch("a " + rows + "x" + cols + " " + dtype + " matrix at element " + offset
          + " with leading dimension " + ld + " does not fit into " + memory.byteSize() + " bytes");
    }
  }

  public Memory memory() {
    return memory;
  }

  public DType dtype() {
    return dtype;
  }

  /** First element, counted in elements from the start of {@link #memory()}. */
  public long offset() {
    return offset;
  }

  public long rows() {
    return rows;
  }

  public long cols() {
    return cols;
  }

  /** Elements from the start of one row to the start of the next. */
  public long leadingDimension() {
    return leadingDimension;
  }

  /** Number of elements, {@code rows * cols}. */
  public long size() {
    return rows * cols;
  }

  /** Whether the rows follow each other without a gap. */
  public boolean isContiguous() {
    return leadingDimension == cols || rows <= 1;
  }

  /**
   * The block of {@code rows x cols} elements whose first element is ({@code row}, {@code col}); shares memory.
   *
   * @throws ShapeMismatch if the block does not lie inside this matrix
   */
  public Matrix block(long row, long col, long rows, long cols) {
    if (row < 0 || col < 0 || rows < 0 || cols < 0 || row > this.rows - rows || col > this.cols - cols) {
      throw new ShapeMismatch("block of " + rows + "x" + cols + " at (" + row + ", " + col + ") is not inside "
          + describe("the matrix"));
    }
    // An empty block at the far edge must not point past the memory.
    long start = rows == 0 || cols == 0 ? offset : offset + row * leadingDimension + col;
    return new Matrix(memory, dtype, start, rows, cols, leadingDimension, false);
  }

  /** Rows {@code from} to {@code from + count - 1}; shares memory. */
  public Matrix rowRange(long from, long count) {
    return block(from, 0, count, cols);
  }

  /**
   * The same elements in the same order under another shape; shares memory.
   *
   * @throws ShapeMismatch if the matrix has gaps between rows, or the number of elements differs
   */
  public Matrix reshape(long rows, long cols) {
    bytes(dtype, rows, cols);
    if (!isContiguous() || rows * cols != size()) {
      throw new ShapeMismatch("reshape to " + rows + "x" + cols + " of " + describe("the matrix")
          + (isContiguous() ? ": the number of elements must stay the same" : ": copy it first, its rows have gaps"));
    }
    return new Matrix(memory, dtype, offset, rows, cols, cols, false);
  }

  /** One element; slow, copies it out of the memory. */
  public double get(long row, long col) {
    return block(row, col, 1, 1).toArray()[0];
  }

  /** Sets one element; slow, copies it into the memory. */
  public void set(long row, long col, double value) {
    block(row, col, 1, 1).copyFrom(value);
  }

  /**
   * All elements, row by row, widened to double.
   *
   * @throws ShapeMismatch if there are more than a Java array can hold
   */
  public double[] toArray() {
    var target = new double[arrayLength()];
    copyTo(target);
    return target;
  }

  /**
   * Copies all elements, row by row and widened to double, to the start of an array.
   *
   * @param target at least {@code rows * cols} numbers; what lies behind them stays
   */
  public void copyTo(double[] target) {
    requireRoom(target);
    for (long row = 0; row < chunks(); row++) {
      int at = Math.toIntExact(row * chunkLength());
      switch (dtype) {
        case F64 -> memory.read(byteAt(row), slice(MemorySegment.ofArray(target), at));
        case F32 -> readSingles(byteAt(row), target, at);
      }
    }
  }

  private void readSingles(long from, double[] target, int at) {
    float[] floats = SINGLES.get();
    int length = Math.toIntExact(chunkLength());
    for (int done = 0; done < length; done += floats.length) {
      int n = Math.min(floats.length, length - done);
      memory.read(from + (long) done * Float.BYTES, MemorySegment.ofArray(floats).asSlice(0, (long) n * Float.BYTES));
      for (int i = 0; i < n; i++) {
        target[at + done + i] = floats[i];
      }
    }
  }

  /**
   * Sets all elements, row by row, rounding to the element type.
   *
   * @param values {@code rows * cols} numbers
   */
  public void copyFrom(double... values) {
    if (values.length != size()) {
      throw new ShapeMismatch("cannot fill " + describe("the matrix") + " from " + values.length + " values, "
          + size() + " are needed");
    }
    copyFromStart(values);
  }

  /**
   * Sets all elements, row by row, rounding to the element type, from the start of an array.
   *
   * @param values at least {@code rows * cols} numbers; what lies behind them is not read
   */
  public void copyFromStart(double[] values) {
    requireRoom(values);
    for (long row = 0; row < chunks(); row++) {
      int at = Math.toIntExact(row * chunkLength());
      switch (dtype) {
        case F64 -> memory.write(byteAt(row), slice(MemorySegment.ofArray(values), at));
        case F32 -> writeSingles(byteAt(row), values, at);
      }
    }
  }

  private void writeSingles(long to, double[] values, int at) {
    float[] floats = SINGLES.get();
    int length = Math.toIntExact(chunkLength());
    for (int done = 0; done < length; done += floats.length) {
      int n = Math.min(floats.length, length - done);
      for (int i = 0; i < n; i++) {
        floats[i] = (float) values[at + done + i];
      }
      memory.write(to + (long) done * Float.BYTES, MemorySegment.ofArray(floats).asSlice(0, (long) n * Float.BYTES));
    }
  }

  private void requireRoom(double[] array) {
    if (array.length < size()) {
      throw new ShapeMismatch("an array of " + array.length + " numbers is too short for " + describe("the matrix"));
    }
  }

  /**
   * Copies all elements to a matrix in this process's memory, which another backend may have allocated; returns when
   * they are there. A matrix without gaps goes in long pieces, any other row by row.
   *
   * @param target a matrix of the same shape and element type in host memory
   * @throws WrongBackend if the target lies elsewhere
   */
  public void copyTo(Matrix target) {
    if (target.rows != rows || target.cols != cols || target.dtype != dtype) {
      throw new ShapeMismatch("copy: " + describe("X") + " of " + dtype + " to " + target.describe("Y") + " of "
          + target.dtype + ": shapes and element types must be equal");
    }
    if (!(target.memory instanceof HostMemory host)) {
      throw new WrongBackend("copy: " + target + " is not in host memory; copy there first");
    }
    long rowBytes = cols * dtype.bytes();
    long together = isContiguous() ? Math.clamp(PIECE_BYTES / Math.max(1, rowBytes), 1, Math.max(1, rows)) : 1;
    try (var arena = Arena.ofConfined()) {
      MemorySegment piece = arena.allocate(together * rowBytes, Double.BYTES);
      for (long row = 0; row < rows && rowBytes > 0; row += together) {
        long count = Math.min(together, rows - row);
        memory.read(byteAt(row), piece.asSlice(0, count * rowBytes));
        for (long i = 0; i < count; i++) {
          host.write(target.byteAt(row + i), piece.asSlice(i * rowBytes, rowBytes));
        }
      }
    }
  }

  /** {@code name(rows x cols)} for messages, e.g. {@code A(64x128)}. */
  public String describe(String name) {
    return name + "(" + rows + "x" + cols + ")";
  }

  /** Whether this matrix owns its memory, so that closing it frees the memory. */
  public boolean isOwner() {
    return owner;
  }

  /**
   * Frees the memory if this matrix owns it; does nothing on a view.
   *
   * @throws InUse if a call is using the memory
   */
  @Override
  public void close() {
    if (owner) {
      memory.close();
    }
  }

  @Override
  public String toString() {
    return describe("Matrix") + " " + dtype + " in " + memory.space() + " memory";
  }

  private int arrayLength() {
    if (size() > Integer.MAX_VALUE - 8) {
      throw new ShapeMismatch(describe("the matrix")
          + " has more elements than a Java array can hold; copy row ranges");
    }
    return (int) size();
  }

  // A contiguous matrix is copied in one piece, any other row by row.
  private long chunks() {
    return size() == 0 ? 0 : isContiguous() ? 1 : rows;
  }

  private long chunkLength() {
    return isContiguous() ? size() : cols;
  }

  private long byteAt(long row) {
    return (offset + row * leadingDimension) * dtype.bytes();
  }

  private MemorySegment slice(MemorySegment doubles, int at) {
    return doubles.asSlice((long) at * Double.BYTES, chunkLength() * Double.BYTES);
  }
}
