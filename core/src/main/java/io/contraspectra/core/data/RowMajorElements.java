package io.contraspectra.core.data;

import io.contraspectra.core.matrix.DType;
import java.lang.foreign.MemorySegment;

/** The numbers of an array in row-major order, piece by piece, whatever order and format its file has. */
final class RowMajorElements {

  private final NpyHeader header;
  private final Payload payload;
  private final Source source;

  private interface Source {
    void next(int count, double[] target);
  }

  RowMajorElements(NpyHeader header, Payload payload) {
    this.header = header;
    this.payload = payload;
    this.source = header.fortranOrder() ? gathering(payload.take(header.bytes())) : this::decode;
  }

  /** The next {@code count} elements as doubles, into the start of {@code target}. */
  void next(int count, double[] target) {
    source.next(count, target);
  }

  /** The next {@code count} elements as the bytes that a matrix of {@code dtype} holds. */
  MemorySegment next(int count, DType dtype) {
    if (!header.fortranOrder() && header.type().equals(NpyType.of(dtype))) {
      return payload.take((long) count * dtype.bytes());
    }
    var numbers = new double[count];
    source.next(count, numbers);
    return switch (dtype) {
      case F64 -> MemorySegment.ofArray(numbers);
      case F32 -> MemorySegment.ofArray(rounded(numbers));
    };
  }

  private void decode(int count, double[] target) {
    MemorySegment piece = payload.take((long) count * header.type().bytes());
    Elements.numbers(header.type().kind(), piece, count, target);
  }

  private Source gathering(MemorySegment all) {
    var order = new FortranOrder(header.shape());
    return (count, target) -> {
      for (int i = 0; i < count; i++) {
        target[i] = Elements.number(header.type().kind(), all, order.next());
      }
    };
  }

  private static float[] rounded(double[] numbers) {
    var floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }
}
