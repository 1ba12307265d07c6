package io.contraspectra.core.matrix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * Whatever sizes and places somebody asks for: what is granted lies inside the memory and can be written and read, and
 * what is refused is refused by an exception of this library.
 */
class HostileShapesPropertiesTest {

  private static final int BYTES = 4096;

  private Memory memory;

  @BeforeProperty
  void open() {
    memory = HostMemory.allocate(BYTES);
  }

  @AfterProperty
  void close() {
    memory.close();
  }

  @Provide
  Arbitrary<Long> sizes() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(-2, 40),
        Arbitraries.of(1L << 31, 1L << 32, 1L << 59, 1L << 60, 1L << 61, 1L << 62, Long.MAX_VALUE - 1, Long.MAX_VALUE,
            Long.MIN_VALUE, Long.MIN_VALUE + 1, -(1L << 62)),
        Arbitraries.longs());
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void matrixOverMemory(@ForAll DType dtype, @ForAll("sizes") long offset, @ForAll("sizes") long rows,
      @ForAll("sizes") long cols, @ForAll("sizes") long leadingDimension) {
    try {
      requireUsable(Matrix.over(memory, dtype, offset, rows, cols, leadingDimension));
    } catch (ContraSpectraException refused) {
      requireText(refused);
    }
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void blockOfAMatrix(@ForAll @IntRange(max = 12) int rows, @ForAll @IntRange(max = 12) int cols,
      @ForAll("sizes") long row, @ForAll("sizes") long col, @ForAll("sizes") long height, @ForAll("sizes") long width) {
    Matrix x = Matrix.over(memory, DType.F64, 3, rows, cols, cols + 2);
    try {
      requireUsable(x.block(row, col, height, width));
      Objects.checkFromIndexSize(row, height, (long) rows);
      Objects.checkFromIndexSize(col, width, (long) cols);
    } catch (ContraSpectraException refused) {
      requireText(refused);
    }
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void reshapeOfAMatrix(@ForAll @IntRange(max = 12) int rows, @ForAll @IntRange(max = 12) int cols,
      @ForAll("sizes") long newRows, @ForAll("sizes") long newCols) {
    try {
      requireUsable(Matrix.over(memory, DType.F32, 1, rows, cols, cols).reshape(newRows, newCols));
    } catch (ContraSpectraException refused) {
      requireText(refused);
    }
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void matrixInAWorkspace(@ForAll DType dtype, @ForAll("sizes") long rows, @ForAll("sizes") long cols) {
    try (var workspace = new Workspace(HostMemory.allocate(BYTES))) {
      workspace.matrix(DType.F32, 1, 1);
      requireUsable(workspace.matrix(dtype, rows, cols));
    } catch (ContraSpectraException refused) {
      requireText(refused);
    }
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void rangeOfMemory(@ForAll("sizes") long offset, @ForAll @IntRange(max = 2 * BYTES) int length) {
    boolean inside = offset >= 0 && offset + length <= BYTES && offset <= BYTES;
    boolean granted;
    try {
      memory.write(offset, MemorySegment.ofArray(new byte[length]));
      memory.read(offset, MemorySegment.ofArray(new byte[length]));
      granted = true;
    } catch (IndexOutOfBoundsException refused) {
      granted = false;
    }
    assertTrue(granted == inside, () -> length + " bytes at " + offset);
  }

  private static void requireUsable(Matrix x) {
    if (x.size() == 0) {
      assertArrayEquals(new double[0], x.toArray());
      return;
    }
    assertTrue(x.size() <= BYTES, x::toString);
    x.copyFrom(new double[(int) x.size()]);
    x.set(0, 0, 1);
    x.set(x.rows() - 1, x.cols() - 1, 2);
    assertArrayEquals(new double[] {2}, x.block(x.rows() - 1, x.cols() - 1, 1, 1).toArray());
  }

  private static void requireText(ContraSpectraException refused) {
    assertTrue(refused.getMessage().length() > 20, refused::getMessage);
  }
}
