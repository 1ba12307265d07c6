package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Puts arrays into an archive, uncompressed as {@code numpy.savez} does; see {@link Npz#write}. The same arrays give
 * the same bytes on every day. Not thread-safe.
 */
public final class NpzWriter {

  /** The first moment that zip can express, and the one that NumPy writes. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ZipOutputStream zip;
  private final Set<String> names = new HashSet<>();

  NpzWriter(ZipOutputStream zip) {
    this.zip = zip;
    // Deflate without compression: as large as storing, but sizes and checksum need not be known beforehand.
    zip.setLevel(Deflater.NO_COMPRESSION);
  }

  /** Puts an array. */
  public void put(String name, NpyArray array) throws IOException {
    entry(name, array::writeTo);
  }

  /**
   * Puts a matrix, piece by piece.
   *
   * @param shape sizes along the axes; none for {@code (rows, cols)}
   * @throws ShapeMismatch if the shape does not hold exactly the matrix's elements
   */
  public void put(String name, Matrix matrix, long... shape) throws IOException {
    Shape checked = Npy.shapeOf(matrix, shape);
    entry(name, out -> MatrixWriter.write(matrix, checked, out));
  }

  private void entry(String name, AtomicFile.Content content) throws IOException {
    if (!names.add(name)) {
      throw new InvalidArgument("the archive has an array named '" + name + "' already; choose another name");
    }
    var entry = new ZipEntry(name + ".npy");
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
    content.writeTo(zip);
    zip.closeEntry();
  }
}
