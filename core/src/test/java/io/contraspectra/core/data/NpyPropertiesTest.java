package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class NpyPropertiesTest {

  @Property
  void anyHeaderIsReadBackAndAligned(@ForAll NpyType.Kind kind, @ForAll @IntRange(min = 1, max = 99) int width,
      @ForAll boolean fortranOrder, @ForAll @Size(max = 9) List<@LongRange(min = 0, max = 99) Long> sizes)
      throws IOException {
    var header = new NpyHeader(new NpyType(kind, kind.isText() ? width : 1), fortranOrder, new Shape(sizes));
    byte[] bytes = header.encode();
    assertEquals(0, bytes.length % 64);
    assertEquals(header, NpyHeader.read(new ByteArrayInputStream(bytes), "x.npy"));
  }

  /** The element at index (i, j, k) of an array with the first axis fastest stands at i + n0 (j + n1 k). */
  @Property
  void fortranOrderIsUndone(@ForAll @IntRange(min = 1, max = 6) int n0, @ForAll @IntRange(min = 1, max = 6) int n1,
      @ForAll @IntRange(min = 1, max = 6) int n2) {
    long[] stored = LongStream.range(0, (long) n0 * n1 * n2).toArray();
    var header = new NpyHeader(NpyType.of(NpyType.Kind.I8), true, Shape.of(n0, n1, n2));
    var expected = new long[stored.length];
    int at = 0;
    for (int i = 0; i < n0; i++) {
      for (int j = 0; j < n1; j++) {
        for (int k = 0; k < n2; k++) {
          expected[at++] = i + n0 * (j + (long) n1 * k);
        }
      }
    }
    var array = new NpyArray("x.npy", header, MemorySegment.ofArray(stored));
    assertArrayEquals(expected, array.toLongs());
    assertArrayEquals(LongStream.of(expected).asDoubleStream().toArray(), array.toDoubles());
  }

  @Example
  void anEmptyArrayOfLongAxesHasNoElements() {
    assertEquals(0, Shape.of(1L << 62, 0, 1L << 62).elements());
  }
}
