package io.contraspectra.core.data;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidData;

/**
 * Element type of a NumPy array.
 *
 * @param kind number format, or kind of text
 * @param width characters of one text element; 1 for numbers
 */
public record NpyType(Kind kind, int width) {

  /** The formats that are read and written; all little-endian. */
  public enum Kind {
    /** IEEE 754 binary32. */
    F4("<f4", 4),
    /** IEEE 754 binary64. */
    F8("<f8", 8),
    /** Signed 32-bit integer. */
    I4("<i4", 4),
    /** Signed 64-bit integer. */
    I8("<i8", 8),
    /** Truth value, one byte. */
    B1("|b1", 1),
    /** Unsigned byte. */
    U1("|u1", 1),
    /** Text of a fixed number of Unicode code points, four bytes each. */
    UNICODE("<U", 4),
    /** Text of a fixed number of bytes. */
    BYTES("|S", 1);

    private final String descr;
    private final int bytes;

    Kind(String descr, int bytes) {
      this.descr = descr;
      this.bytes = bytes;
    }

    boolean isText() {
      return this == UNICODE || this == BYTES;
    }

    boolean isFloating() {
      return this == F4 || this == F8;
    }
  }

  /** Widest text element that is read: far more than any name, and small enough for sizes to stay exact. */
  private static final int MAX_WIDTH = 1 << 20;

  static NpyType of(Kind kind) {
    return new NpyType(kind, 1);
  }

  static NpyType of(DType dtype) {
    return switch (dtype) {
      case F32 -> of(Kind.F4);
      case F64 -> of(Kind.F8);
    };
  }

  /**
   * Reads NumPy's type code, e.g. {@code <f8}.
   *
   * @param name file and array, for the message
   */
  static NpyType parse(String descr, String name) {
    for (Kind kind : Kind.values()) {
      if (kind.isText() && descr.startsWith(kind.descr)) {
        return text(kind, descr, name);
      }
      if (descr.equals(kind.descr)) {
        return of(kind);
      }
    }
    throw unsupported(descr, name);
  }

  /** Bytes of one element. */
  public int bytes() {
    return kind.bytes * width;
  }

  /** NumPy's type code, e.g. {@code <f8} or {@code <U4}. */
  public String descr() {
    return kind.isText() ? kind.descr + width : kind.descr;
  }

  private static NpyType text(Kind kind, String descr, String name) {
    String digits = descr.substring(kind.descr.length());
    int width = digits.matches("[0-9]{1,7}") ? Integer.parseInt(digits) : 0;
    if (width < 1 || width > MAX_WIDTH) {
      throw new InvalidData(name + ": text type '" + descr + "' must be 1 to " + MAX_WIDTH + " characters wide");
    }
    return new NpyType(kind, width);
  }

  private static InvalidData unsupported(String descr, String name) {
    String problem = descr.startsWith(">") ? "is big-endian" : descr.contains("O") ? "holds pickled Python objects"
        : "is not supported";
    return new InvalidData(name + ": element type '" + FileErrors.excerpt(descr) + "' " + problem
        + "; convert with numpy to one of <f4 <f8 <i4 <i8 |b1 |u1, e.g. x.astype('<f8')");
  }

  @Override
  public String toString() {
    return descr();
  }
}
