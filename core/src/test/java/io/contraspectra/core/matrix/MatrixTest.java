package io.contraspectra.core.matrix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

/** Shapes, views, and what lies outside of them. */
@ExtendWith(NoOpenMemory.class)
class MatrixTest {

  private static final long HUGE = 1L << 62;

  private final Matrix x = Matrix.owning(HostMemory.allocate(3 * 4 * Double.BYTES), DType.F64, 3, 4);

  MatrixTest() {
    x.copyFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  }

  @AfterEach
  void close() {
    x.close();
  }

  @Test
  void blockOfABlockCountsFromTheBlock() {
    Matrix inner = x.block(1, 1, 2, 3).block(1, 1, 1, 2);
    assertArrayEquals(new double[] {10, 11}, inner.toArray());
    assertEquals(10, inner.offset());
    assertEquals(4, inner.leadingDimension());
    assertFalse(inner.isOwner());
  }

  @Test
  void viewsShareElements() {
    x.block(0, 2, 3, 1).copyFrom(-1, -2, -3);
    assertArrayEquals(new double[] {0, 1, -1, 3, 4, 5, -2, 7, 8, 9, -3, 11}, x.toArray());
    x.rowRange(2, 1).set(0, 0, 80);
    assertEquals(80, x.get(2, 0));
  }

  @Test
  void reshapeKeepsTheOrder() {
    assertArrayEquals(x.toArray(), x.reshape(2, 6).toArray());
    assertEquals(7, x.reshape(2, 6).get(1, 1));
    assertEquals(1, x.block(1, 0, 1, 3).reshape(3, 1).leadingDimension());
  }

  @Test
  void oneRowOfAWideMatrixIsContiguous() {
    assertTrue(x.block(1, 1, 1, 2).isContiguous());
    assertFalse(x.block(1, 1, 2, 2).isContiguous());
  }

  @Test
  void emptyBlocksAtTheFarEdgeAreFine() {
    assertArrayEquals(new double[0], x.block(3, 4, 0, 0).toArray());
    assertArrayEquals(new double[0], x.block(3, 0, 0, 4).toArray());
  }

  @Test
  void blocksOutsideAreRefused() {
    refused("block of 2x4 at (2, 0) is not inside the matrix(3x4)", () -> x.rowRange(2, 2));
    refused("block of 1x1 at (0, 4)", () -> x.get(0, 4));
    refused("block of 1x1 at (-1, 0)", () -> x.set(-1, 0, 1));
    refused("block of -1x1", () -> x.block(0, 0, -1, 1));
    refused("block of 1x" + Long.MAX_VALUE, () -> x.block(0, 1, 1, Long.MAX_VALUE));
    refused("block of 1x1 at (" + Long.MIN_VALUE, () -> x.block(Long.MIN_VALUE, 0, 1, 1));
  }

  @Test
  void reshapeRefusesOtherNumbersOfElementsAndGaps() {
    refused("reshape to 5x2 of the matrix(3x4): the number of elements must stay the same", () -> x.reshape(5, 2));
    refused("reshape to 3x3 of the matrix(2x4)", () -> x.rowRange(0, 2).reshape(3, 3));
    refused("copy it first, its rows have gaps", () -> x.block(0, 0, 3, 2).reshape(6, 1));
    refused("sizes must not be negative", () -> x.reshape(-3, -4));
    refused("64-bit address space", () -> x.reshape(HUGE, 4));
  }

  @Test
  void matricesOverTooLittleMemoryAreRefused() {
    refused("a 3x4 F64 matrix at element 1", () -> Matrix.over(x.memory(), DType.F64, 1, 3, 4, 4));
    refused("with leading dimension 5", () -> Matrix.over(x.memory(), DType.F64, 0, 3, 4, 5));
    refused("the leading dimension at least the number of columns", () -> over(0, 3, 4, 3));
    refused("the offset must not be negative", () -> over(-1, 1, 1, 1));
    refused("does not fit into 96 bytes", () -> over(Long.MAX_VALUE, 1, 1, 1));
    refused("a -1x4 matrix: sizes must not be negative", () -> over(0, -1, 4, 4));
    refused("64-bit address space", () -> over(0, HUGE, 1, 1));
    refused("64-bit address space", () -> over(0, 2, 1, HUGE));
    refused("does not fit into 96 bytes", () -> Matrix.owning(x.memory(), DType.F64, 4, 4));
  }

  @Test
  void bytesOfMatricesBeyondTheAddressSpaceAreRefused() {
    assertEquals(96, Matrix.bytes(DType.F64, 3, 4));
    assertEquals(0, Matrix.bytes(DType.F64, HUGE, 0));
    refused("a " + HUGE + "x1 matrix", () -> Matrix.bytes(DType.F64, HUGE, 1));
    refused("a 1x" + HUGE + " matrix", () -> Matrix.bytes(DType.F32, 1, HUGE));
    refused("a -1x2 matrix", () -> Matrix.bytes(DType.F64, -1, 2));
  }

  @Test
  void copyInNeedsAsManyValuesAsElements() {
    refused("cannot fill the matrix(3x4) from 2 values, 12 are needed", () -> x.copyFrom(1, 2));
  }

  @Test
  void descriptionNamesShapeTypeAndSpace() {
    assertEquals("Matrix(3x4) F64 in host memory", x.toString());
    assertEquals("A(3x4)", x.describe("A"));
  }

  private Matrix over(long offset, long rows, long cols, long leadingDimension) {
    return Matrix.over(x.memory(), DType.F64, offset, rows, cols, leadingDimension);
  }

  private static void refused(String part, Executable call) {
    String message = assertThrows(ShapeMismatch.class, call).getMessage();
    assertTrue(message.contains(part), () -> "'" + part + "' is missing in: " + message);
  }
}
