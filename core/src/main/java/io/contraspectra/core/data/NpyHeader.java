package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What stands before the elements of an NPY file: {@code \x93NUMPY}, two version bytes, the length of a Python
 * dictionary in two (version 1) or four bytes (2 and 3), and the dictionary.
 *
 * @param fortranOrder whether the first axis runs fastest, instead of the last
 */
record NpyHeader(NpyType type, boolean fortranOrder, Shape shape) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  // Version 1 can say no more; later ones need more only for records with very many fields, which are not read.
  private static final long MAX_LENGTH = 0xFFFF;

  static NpyHeader rowMajor(NpyType type, Shape shape) {
    return new NpyHeader(type, false, shape);
  }

  /**
   * Reads a header, and leaves {@code in} at the first element.
   *
   * @param name file and array, for messages
   */
  static NpyHeader read(InputStream in, String name) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (!isNpy(start)) {
      throw new InvalidData(name + " is not an NPY file: it does not begin with \\x93NUMPY; save it with numpy.save");
    }
    int version = start.length < MAGIC.length + 2 ? 0 : start[MAGIC.length];
    if (version < 1 || version > 3) {
      throw new InvalidData(name + ": NPY version " + version + " is unknown, 1 to 3 are read; save with numpy.save");
    }
    long length = length(in.readNBytes(version == 1 ? 2 : 4), name);
    byte[] dictionary = in.readNBytes((int) length);
    if (dictionary.length < length) {
      throw new InvalidData(name + ": header of " + length + " bytes ends after " + dictionary.length
          + "; the file is truncated, write it again");
    }
    var charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return new NpyHeaderParser(new String(dictionary, charset), name).parse();
  }

  /** Whether a file that begins so is meant to be an NPY file. */
  static boolean isNpy(byte[] start) {
    return start.length >= MAGIC.length && Arrays.equals(MAGIC, 0, MAGIC.length, start, 0, MAGIC.length);
  }

  private static long length(byte[] field, String name) {
    long length = 0;
    for (int i = field.length - 1; i >= 0; i--) {
      length = length << 8 | field[i] & 0xFF;
    }
    if (length > MAX_LENGTH) {
      throw new InvalidData(name + ": header claims " + length + " bytes, plain arrays need at most " + MAX_LENGTH
          + "; the file is damaged or holds records, save plain numbers");
    }
    return length;
  }

  /** Bytes of all elements; fits into 63 bits, as the parser has checked. */
  long bytes() {
    return Math.multiplyExact(shape.elements(), type.bytes());
  }

  /**
   * Throws unless exactly the announced bytes follow the header.
   *
   * @param available bytes that really follow
   */
  void requireBytes(long available, String name) {
    if (available != bytes()) {
      throw new InvalidData(name + ": header says shape " + shape + " of " + type + " = " + bytes() + " bytes, but "
          + (available < bytes() ? available + " bytes follow; the file is truncated, write it again"
              : "more bytes follow; the file is damaged or holds several arrays, save one array a file"));
    }
  }

  /** Throws if the elements are text. */
  void requireNumbers(String name) {
    if (type.kind().isText()) {
      throw new InvalidData(name + " holds text of type " + type + " where numbers are needed; give a numeric array");
    }
  }

  /** Rows and columns of the array as a matrix: a scalar is 1 x 1, one axis a column. */
  Shape matrixShape(String name) {
    requireNumbers(name);
    return switch (shape.rank()) {
      case 0 -> Shape.of(1, 1);
      case 1 -> Shape.of(shape.size(0), 1);
      case 2 -> shape;
      default -> throw new InvalidData(name + " has shape " + shape + ", a matrix of rows x columns is needed here; "
          + "reshape it to two axes");
    };
  }

  /** The header's bytes in format version 1, padded so that the elements begin at a multiple of 64. */
  byte[] encode() {
    String dictionary = "{'descr': '" + type + "', 'fortran_order': " + (fortranOrder ? "True" : "False")
        + ", 'shape': " + shape + ", }";
    int prefix = MAGIC.length + 4;
    int total = (prefix + dictionary.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    String padded = dictionary + " ".repeat(total - prefix - dictionary.length() - 1) + "\n";
    return ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC).put((byte) 1).put((byte) 0)
        .putShort((short) padded.length())
        .put(padded.getBytes(StandardCharsets.ISO_8859_1))
        .array();
  }
}
