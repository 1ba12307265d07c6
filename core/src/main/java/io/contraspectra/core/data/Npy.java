package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/**
 * NumPy's {@code .npy} files: format versions 1 to 3, C and Fortran order, element types
 * {@code <f4 <f8 <i4 <i8 |b1 |u1} and text {@code <U |S}. Written files are what {@code numpy.load} expects.
 *
 * <p>Thread-safe. Readers throw {@link InvalidData} for every file that cannot be read, whatever is wrong with it.
 */
public final class Npy {

  /** Smaller files are copied, so that an array does not depend on its file; larger ones are mapped. */
  private static final long MAP_FROM_BYTES = 1 << 20;

  private Npy() {}

  /** Reads an array of any shape. The file of a large array is mapped into memory and must not be changed in place. */
  public static NpyArray read(Path path) {
    return open(path, (header, channel) -> {
      MemorySegment bytes = header.bytes() < MAP_FROM_BYTES
          ? Payload.of(Channels.newInputStream(channel), path).take(header.bytes())
          : map(channel, header, Arena.ofAuto());
      return new NpyArray(path.toString(), header, bytes);
    });
  }

  /** Reads a matrix of {@code f64} elements, as {@link #read(Path, Backend, DType)} does. */
  public static Matrix read(Path path, Backend backend) {
    return read(path, backend, DType.F64);
  }

  /**
   * Reads a matrix straight into a backend's memory: the file is mapped and copied piece by piece, so that nothing of
   * its size lies on the Java heap.
   *
   * @param dtype element type of the result; numbers of other types are converted
   * @return a matrix that the caller must close: an array of one axis becomes a column n x 1, a scalar 1 x 1
   * @throws InvalidData if the file is not such an array
   */
  public static Matrix read(Path path, Backend backend, DType dtype) {
    return open(path, (header, channel) -> {
      try (var arena = Arena.ofConfined()) {
        var payload = Payload.of(map(channel, header, arena));
        return Upload.matrix(path.toString(), header, payload, backend, dtype);
      }
    });
  }

  /**
   * Writes a matrix, piece by piece.
   *
   * @param shape sizes along the axes, e.g. {@code (N, K, P)} for the N·K x P matrix that holds them; none for
   *     {@code (rows, cols)}
   * @throws ShapeMismatch if the shape does not hold exactly the matrix's elements
   * @throws InvalidArgument if the file exists and may not be replaced
   * @throws UncheckedIOException if the system cannot write
   */
  public static void write(Path path, IfExists ifExists, Matrix matrix, long... shape) {
    Shape checked = shapeOf(matrix, shape);
    AtomicFile.write(path, ifExists, out -> MatrixWriter.write(matrix, checked, out));
  }

  /**
   * Writes an array.
   *
   * @throws InvalidArgument if the file exists and may not be replaced
   * @throws UncheckedIOException if the system cannot write
   */
  public static void write(Path path, IfExists ifExists, NpyArray array) {
    AtomicFile.write(path, ifExists, array::writeTo);
  }

  static Shape shapeOf(Matrix matrix, long... shape) {
    return shape.length == 0 ? Shape.of(matrix.rows(), matrix.cols()) : Shape.holding(matrix.size(), shape);
  }

  private interface Use<T> {
    T with(NpyHeader header, FileChannel channel) throws IOException;
  }

  /** Hands on a file that stands at its first element, and whose header was found to agree with its length. */
  private static <T> T open(Path path, Use<T> use) {
    try (var channel = FileChannel.open(path)) {
      NpyHeader header = NpyHeader.read(Channels.newInputStream(channel), path.toString());
      header.requireBytes(channel.size() - channel.position(), path.toString());
      return use.with(header, channel);
    } catch (IOException e) {
      throw FileErrors.unreadable(path, e);
    }
  }

  private static MemorySegment map(FileChannel channel, NpyHeader header, Arena arena) throws IOException {
    return channel.map(MapMode.READ_ONLY, channel.position(), header.bytes(), arena);
  }
}
