package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import org.junit.jupiter.api.function.Executable;

/** Which operands may share memory. In-place calls are part of {@link OutputCall}; here are the borders. */
class AliasingTest {

  @EveryBackend
  void whatReadsOperandsMoreThanOnceCannotWorkInPlace(Backend backend) {
    try (Matrix x = backend.zeros(DType.F64, 4, 4)) {
      refused(() -> backend.gemm(Transpose.NO, Transpose.NO, 1, x, x, 0, x));
      refused(() -> backend.syrk(Triangle.LOWER, Transpose.NO, 1, x, 0, x));
      refused(() -> backend.copy(x, x));
      refused(() -> backend.addRow(1, x.rowRange(2, 1), x));
      refused(() -> backend.multiplyRow(x.rowRange(0, 1), x, x));
      refused(() -> backend.multiplyColumn(x.block(0, 3, 4, 1), x, x));
      refused(() -> backend.multiplyRepeated(x, x, 1));
      refused(() -> backend.addHadamard(x, x, 1, x));
      refused(() -> backend.addKroneckerIdentity(x, 1, x));
      refused(() -> backend.rowDots(x, x, x.block(0, 1, 4, 1)));
      refused(() -> backend.columnSums(1, x, 0, x.rowRange(3, 1)));
    }
  }

  @EveryBackend
  void outputMayBeAnInputButNotShiftedAgainstIt(Backend backend) {
    try (Matrix x = backend.zeros(DType.F64, 6, 6)) {
      Matrix block = x.block(0, 0, 3, 3);
      refused(() -> backend.add(1, block, 1, x.block(1, 0, 3, 3)));
      refused(() -> backend.multiply(block, block, x.block(0, 1, 3, 3)));
      refused(() -> backend.map(UnaryFunction.RELU, x.reshape(9, 4).rowRange(0, 2), x.reshape(4, 9).block(0, 0, 2, 4)));
      refused(() -> backend.map(UnaryFunction.RELU, x.rowRange(0, 4), x.rowRange(1, 4)));
    }
  }

  @EveryBackend
  void blocksOfColumnsOfOneMatrixDoNotOverlap(Backend backend) {
    try (Matrix x = backend.matrix(2, 4, 1, 2, 0, 0, 3, 4, 0, 0)) {
      backend.copy(x.block(0, 0, 2, 2), x.block(0, 2, 2, 2));
      assertArrayEquals(new double[] {1, 2, 1, 2, 3, 4, 3, 4}, x.toArray());
      refused(() -> backend.copy(x.block(0, 0, 2, 2), x.block(0, 1, 2, 2)));
    }
  }

  @EveryBackend
  void emptyOperandsOverlapNothing(Backend backend) {
    try (Matrix x = backend.matrix(2, 2, 1, 2, 3, 4)) {
      backend.gemm(Transpose.NO, Transpose.NO, 1, x.block(0, 0, 2, 0), x.block(0, 0, 0, 2), 0, x);
      assertArrayEquals(new double[4], x.toArray());
    }
  }

  /** A leading dimension says nothing about a matrix of one row. */
  @EveryBackend
  void oneRowIsTheSameUnderAnyLeadingDimension(Backend backend) {
    try (Matrix x = backend.matrix(2, 3, 1, 2, 3, 4, 5, 6)) {
      Matrix row = x.block(0, 0, 1, 2);
      backend.add(1, row, 1, row.reshape(1, 2));
      assertArrayEquals(new double[] {2, 4, 3, 4, 5, 6}, x.toArray());
      backend.multiplyRow(x.block(1, 1, 1, 2), row, row.reshape(1, 2));
      backend.multiplyColumn(x.block(0, 2, 1, 1), row.reshape(1, 2), row);
      assertArrayEquals(new double[] {30, 72, 3, 4, 5, 6}, x.toArray());
    }
  }

  private static void refused(Executable call) {
    assertThrows(ShapeMismatch.class, call);
  }
}
