package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;

/** An operand surrounded by guard cells: before it, after it, and between its rows. */
final class Framed implements AutoCloseable {

  /** Exact in both element types, and no result of any test. */
  private static final double GUARD = -77777.25;
  private static final int MARGIN = 40;

  private final Matrix frame;
  private final Matrix matrix;

  /**
   * Lays an operand out.
   *
   * @param values its elements, row by row
   */
  Framed(Backend backend, DType dtype, Layout layout, Shape shape, double... values) {
    int ld = layout.leadingDimension(shape);
    frame = backend.zeros(dtype, 1, layout.offset() + shape.rows() * ld + MARGIN);
    frame.copyFrom(guards(frame));
    matrix = Matrix.over(frame.memory(), dtype, layout.offset(), shape.rows(), shape.cols(), ld);
    matrix.copyFrom(values);
  }

  Matrix matrix() {
    return matrix;
  }

  double[] values() {
    return matrix.toArray();
  }

  /** Fails if anything but the operand was written; the operand's own elements are lost. */
  void requireGuardsUntouched() {
    matrix.copyFrom(guards(matrix));
    assertArrayEquals(guards(frame), frame.toArray(), "a cell outside the operand was written");
  }

  @Override
  public void close() {
    frame.close();
  }

  private static double[] guards(Matrix m) {
    var guards = new double[(int) m.size()];
    Arrays.fill(guards, GUARD);
    return guards;
  }
}
