package io.contraspectra.core.data;

import io.contraspectra.core.data.NpyType.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Decodes array elements from the little-endian bytes of a file, at any alignment. */
final class Elements {

  static final ValueLayout.OfFloat F4 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble F8 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt I4 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong I8 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Elements() {}

  /** Element {@code index} as a double; integers beyond 2^53 are rounded, truth values are 0 and 1. */
  static double number(Kind kind, MemorySegment bytes, long index) {
    return switch (kind) {
      case F4 -> bytes.get(F4, index * Float.BYTES);
      case F8 -> bytes.get(F8, index * Double.BYTES);
      default -> integer(kind, bytes, index);
    };
  }

  /** Element {@code index} of an integer or truth-value array. */
  static long integer(Kind kind, MemorySegment bytes, long index) {
    return switch (kind) {
      case I4 -> bytes.get(I4, index * Integer.BYTES);
      case I8 -> bytes.get(I8, index * Long.BYTES);
      case B1 -> bytes.get(ValueLayout.JAVA_BYTE, index) == 0 ? 0 : 1;
      case U1 -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, index));
      default -> throw new IllegalArgumentException(kind + " is no integer type");
    };
  }

  /** The first {@code count} elements as doubles, into the start of {@code target}. */
  static void numbers(Kind kind, MemorySegment bytes, int count, double[] target) {
    if (kind == Kind.F8) {
      MemorySegment.copy(bytes, F8, 0, target, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      target[i] = number(kind, bytes, i);
    }
  }

  /** Element {@code index} of a text array without the NULs that pad it. */
  static String text(NpyType type, MemorySegment bytes, long index) {
    byte[] raw = bytes.asSlice(index * type.bytes(), type.bytes()).toArray(ValueLayout.JAVA_BYTE);
    var charset = type.kind() == Kind.UNICODE ? StandardCharsets.UTF_32LE : StandardCharsets.UTF_8;
    return new String(raw, charset).replaceFirst("\0+$", "");
  }
}
