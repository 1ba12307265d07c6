package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidData;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An array of unsigned bytes in the IDX format of MNIST: two zero bytes, the element type 8, the number of axes, the
 * sizes as big-endian integers, the elements with the last axis fastest.
 *
 * @param sizes sizes along the axes, one at least
 * @param values the elements
 */
record IdxFile(List<Integer> sizes, byte[] values) {

  private static final int UNSIGNED_BYTE = 8;
  private static final int MAX_RANK = 8;

  /** Whether a file that begins so is an IDX file, of any element type. */
  static boolean isIdx(byte[] start) {
    return start.length >= 4 && start[0] == 0 && start[1] == 0 && start[2] >= UNSIGNED_BYTE && start[2] <= 14
        && start[3] >= 1;
  }

  /**
   * Reads a file to its end.
   *
   * @param name the file, for messages
   */
  static IdxFile read(InputStream stream, String name) throws IOException {
    var in = new DataInputStream(stream);
    int magic = in.readInt();
    int rank = magic & 0xFF;
    if (magic >>> 8 != UNSIGNED_BYTE || rank < 1 || rank > MAX_RANK) {
      throw new InvalidData(name + ": IDX magic number " + String.format("%08x", magic) + " is not that of unsigned "
          + "bytes (0000080r with r = 1 to " + MAX_RANK + " axes); convert the array to .npy");
    }
    var sizes = new ArrayList<Integer>();
    for (int axis = 0; axis < rank; axis++) {
      sizes.add(in.readInt());
    }
    return new IdxFile(sizes, elements(in, sizes, name));
  }

  private static byte[] elements(InputStream in, List<Integer> sizes, String name) throws IOException {
    long count = count(sizes, name);
    // Grows with what is read, whatever the header says.
    byte[] values = in.readNBytes((int) count);
    boolean more = in.read() >= 0;
    if (values.length < count || more) {
      throw new InvalidData(name + ": IDX header says " + shape(sizes) + " = " + count + " bytes, but "
          + (more ? "more" : values.length) + " bytes follow; the file is damaged, fetch it again");
    }
    return values;
  }

  private static long count(List<Integer> sizes, String name) {
    long count = 1;
    for (int size : sizes) {
      if (size < 0 || count * size > Integer.MAX_VALUE - 8) {
        throw new InvalidData(name + ": IDX header says " + shape(sizes) + ", which is negative or more than 2 GiB; "
            + "the file is damaged, fetch it again");
      }
      count *= size;
    }
    return count;
  }

  private static String shape(List<Integer> sizes) {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining(" x "));
  }

  /** Number of elements along the first axis. */
  int rows() {
    return sizes.getFirst();
  }
}
