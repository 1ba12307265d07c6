package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.NpyType.Kind;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A NumPy array of any number of axes, as read from a file or to be written to one: a name for messages, an element
 * type, a shape, and the elements as the file stores them. Elements are decoded when they are asked for, always in
 * row-major order (last axis fastest), whatever order the file has.
 *
 * <p>Immutable and thread-safe, provided that nobody changes the file of a large array, which stays mapped for as long
 * as the array is reachable.
 */
public final class NpyArray {

  private static final long PIECE_BYTES = 1 << 16;

  private final String name;
  private final NpyHeader header;
  private final MemorySegment bytes;

  NpyArray(String name, NpyHeader header, MemorySegment bytes) {
    this.name = name;
    this.header = header;
    this.bytes = bytes;
  }

  /**
   * An {@code <f8} array.
   *
   * @param values elements in row-major order
   * @param shape sizes along the axes, none for a scalar
   * @throws ShapeMismatch if the shape does not hold that many elements
   */
  public static NpyArray of(double[] values, long... shape) {
    return of(Kind.F8, values.length, MemorySegment.ofArray(values.clone()), shape);
  }

  /** An {@code <i8} array; parameters as in {@link #of(double[], long...)}. */
  public static NpyArray of(long[] values, long... shape) {
    return of(Kind.I8, values.length, MemorySegment.ofArray(values.clone()), shape);
  }

  /** A text without axes, of type {@code <U}. */
  public static NpyArray of(String text) {
    // NumPy has no text type of width 0; it stores the empty text as one NUL.
    byte[] bytes = (text.isEmpty() ? "\0" : text).getBytes(StandardCharsets.UTF_32LE);
    var type = new NpyType(Kind.UNICODE, bytes.length / Integer.BYTES);
    return new NpyArray("text", NpyHeader.rowMajor(type, Shape.of()), MemorySegment.ofArray(bytes));
  }

  private static NpyArray of(Kind kind, long elements, MemorySegment bytes, long... sizes) {
    return new NpyArray("array", NpyHeader.rowMajor(NpyType.of(kind), Shape.holding(elements, sizes)), bytes);
  }

  /** File and array, as messages name it. */
  public String name() {
    return name;
  }

  public NpyType type() {
    return header.type();
  }

  /** Sizes along the axes; empty for a scalar. */
  public long[] shape() {
    return header.shape().toArray();
  }

  /** Number of elements. */
  public long size() {
    return header.shape().elements();
  }

  /**
   * All elements; integers beyond 2^53 are rounded, truth values are 0 and 1.
   *
   * @throws InvalidData if the elements are text, or more than a Java array can hold
   */
  public double[] toDoubles() {
    header.requireNumbers(name);
    var target = new double[arrayLength()];
    new RowMajorElements(header, Payload.of(bytes)).next(target.length, target);
    return target;
  }

  /**
   * All elements as integers.
   *
   * @throws InvalidData if an element is text or not a whole number, or they are more than a Java array can hold
   */
  public long[] toLongs() {
    if (type().kind().isFloating()) {
      return wholeNumbers(toDoubles());
    }
    header.requireNumbers(name);
    return positions().map(i -> Elements.integer(type().kind(), bytes, i)).toArray();
  }

  /**
   * The text elements, without the NULs that pad them.
   *
   * @throws InvalidData if the elements are numbers
   */
  public List<String> toStrings() {
    if (!type().kind().isText()) {
      throw new InvalidData(name + " holds numbers of type " + type() + " where text is needed; save a string array");
    }
    return positions().mapToObj(i -> Elements.text(type(), bytes, i)).toList();
  }

  /**
   * The one number of an array of shape {@code ()} or {@code (1,)}.
   *
   * @throws InvalidData if the array has another shape or holds text
   */
  public double toDouble() {
    requireScalar();
    return toDoubles()[0];
  }

  /**
   * The one text of an array of shape {@code ()} or {@code (1,)}.
   *
   * @throws InvalidData if the array has another shape or holds numbers
   */
  public String toText() {
    requireScalar();
    return toStrings().getFirst();
  }

  /**
   * A new matrix on a backend, which the caller must close. A scalar becomes 1 x 1, an array of one axis a column
   * n x 1.
   *
   * @throws InvalidData if the array has more than two axes or holds text
   */
  public Matrix toMatrix(Backend backend, DType dtype) {
    return Upload.matrix(name, header, Payload.of(bytes), backend, dtype);
  }

  /**
   * Sets all elements of a matrix, in row-major order.
   *
   * @throws ShapeMismatch if the matrix does not have as many elements as this array
   * @throws InvalidData if the elements are text
   */
  public void copyTo(Matrix target) {
    header.requireNumbers(name);
    if (target.size() != size()) {
      throw new ShapeMismatch("cannot fill " + target.describe("the matrix") + " from " + this);
    }
    Upload.fill(target, new RowMajorElements(header, Payload.of(bytes)));
  }

  LabelledData toLabelledData() {
    Shape matrix = header.matrixShape(name);
    double[] features = toDoubles();
    if (features.length == 0) {
      throw new InvalidData(name + " holds no samples: its shape is " + header.shape());
    }
    return new LabelledData(name, (int) matrix.size(0), (int) matrix.size(1), features, null);
  }

  /** The array as its file stores it. */
  void writeTo(OutputStream out) throws IOException {
    out.write(header.encode());
    for (long at = 0; at < bytes.byteSize();) {
      long count = Math.min(PIECE_BYTES, bytes.byteSize() - at);
      out.write(bytes.asSlice(at, count).toArray(ValueLayout.JAVA_BYTE));
      at += count;
    }
  }

  private void requireScalar() {
    if (size() != 1 || header.shape().rank() > 1) {
      throw new InvalidData(name + " has shape " + header.shape() + ", a single value of shape () or (1,) is needed");
    }
  }

  private int arrayLength() {
    if (size() > Integer.MAX_VALUE - 8) {
      throw new InvalidData(
          name + " has " + size() + " elements, more than a Java array can hold; read it to a backend");
    }
    return (int) size();
  }

  /** Where the elements are stored, in row-major order. */
  private LongStream positions() {
    var positions = LongStream.range(0, arrayLength());
    if (!header.fortranOrder()) {
      return positions;
    }
    var order = new FortranOrder(header.shape());
    return positions.map(_ -> order.next());
  }

  private long[] wholeNumbers(double[] numbers) {
    var integers = new long[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      integers[i] = (long) numbers[i];
      if (integers[i] != numbers[i]) {
        throw new InvalidData(name + ": element " + i + " is " + numbers[i] + ", whole numbers are needed here");
      }
    }
    return integers;
  }

  @Override
  public String toString() {
    return name + ": shape " + header.shape() + " of " + type();
  }
}
