package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Reads a data matrix from any file that may hold one, recognised by its content: NPY, NPZ with a single array, IDX
 * images and CSV, the last two also compressed with gzip. Samples are rows.
 *
 * <p>Thread-safe. Every file that cannot be read gives {@link InvalidData}.
 */
public final class DataFiles {

  private DataFiles() {}

  private enum Format { NPY, NPZ, IDX, CSV }

  /**
   * Reads samples, and their labels where the file has them: a column {@code label} of a CSV file, or the labels file
   * beside IDX images.
   */
  public static LabelledData read(Path path) {
    try {
      return switch (format(path)) {
        case NPY -> Npy.read(path).toLabelledData();
        case NPZ -> single(path).toLabelledData();
        case IDX -> IdxImages.read(path);
        case CSV -> csv(path);
      };
    } catch (IOException e) {
      throw FileErrors.unreadable(path, e);
    }
  }

  /**
   * Reads samples to a backend; an NPY file goes there piece by piece, whatever its size.
   *
   * @param dtype element type of the result
   * @return an N x d matrix, which the caller must close
   */
  public static Matrix read(Path path, Backend backend, DType dtype) {
    try {
      return format(path) == Format.NPY ? Npy.read(path, backend, dtype) : read(path).toMatrix(backend, dtype);
    } catch (IOException e) {
      throw FileErrors.unreadable(path, e);
    }
  }

  private static Format format(Path path) throws IOException {
    try (InputStream in = PlainInput.open(path)) {
      byte[] start = PlainInput.peek(in, 8);
      if (NpyHeader.isNpy(start)) {
        return Format.NPY;
      }
      if (start.length >= 2 && start[0] == 'P' && start[1] == 'K') {
        return Format.NPZ;
      }
      if (IdxFile.isIdx(start)) {
        return Format.IDX;
      }
      for (byte b : start) {
        if (b >= 0 && b < ' ' && b != '\t' && b != '\r' && b != '\n') {
          throw new InvalidData(path + " is no data file that is known here; give .npy, .csv, .csv.gz or IDX images");
        }
      }
      return Format.CSV;
    }
  }

  private static NpyArray single(Path path) {
    try (Npz npz = Npz.open(path)) {
      if (npz.names().size() != 1) {
        throw new InvalidData(path + " holds the arrays " + npz.names() + " where one data matrix is needed; save that "
            + "one as .npy");
      }
      return npz.get(npz.names().getFirst());
    }
  }

  private static LabelledData csv(Path path) throws IOException {
    try (InputStream in = PlainInput.open(path)) {
      return CsvFile.read(path.toString(), in);
    }
  }
}
