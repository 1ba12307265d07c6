package io.contraspectra.bindings.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.util.HashSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** For blocks of one matrix, "overlaps" means exactly "has an element in common". */
class OperandsPropertiesTest {
  @Property(tries = 2000)
  void overlapIsACommonElement(
      @ForAll @IntRange(min = 1, max = 4) int lines, @ForAll @IntRange(min = 1, max = 4) int length,
      @ForAll @IntRange(min = 1, max = 4) int outLines, @ForAll @IntRange(min = 1, max = 4) int outLength,
      @ForAll @IntRange(min = 4, max = 9) int ld, @ForAll @IntRange(max = 40) int start,
      @ForAll @IntRange(max = 40) int outStart) {
    try (var arena = Arena.ofConfined()) {
      var whole = arena.allocate(100 * 8, 8);
      var common = new HashSet<Integer>();
      for (int i = 0; i < lines * length; i++) {
        common.add(start + i / length * ld + i % length);
      }
      var out = new HashSet<Integer>();
      for (int i = 0; i < outLines * outLength; i++) {
        out.add(outStart + i / outLength * ld + i % outLength);
      }
      common.retainAll(out);
      boolean refused = false;
      try {
        Operands.requireDisjoint("test", "C", whole.asSlice(outStart * 8L), outLines, outLength, ld,
            "A", whole.asSlice(start * 8L), lines, length, ld, 8);
      } catch (IllegalArgumentException _) {
        refused = true;
      }
      assertEquals(!common.isEmpty(), refused);
    }
  }
}
