package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;

/** NaN, infinities and zeros: what they do, and where they are found. */
class SpecialValuesContractTest {

  private static final Shape SHAPE = new Shape(5, 37);

  @EveryBackend
  void oneNanAnywhereIsTheMaximum(Backend backend, DType dtype) {
    for (int at = 0; at < SHAPE.size(); at++) {
      var values = new double[SHAPE.size()];
      values[at] = Double.NaN;
      values[values.length / 2] -= 3;
      try (var x = new Framed(backend, dtype, Layout.WIDE, SHAPE, values)) {
        assertEquals(Double.NaN, backend.maxAbs(x.matrix()), "NaN at " + at);
      }
    }
  }

  @EveryBackend
  void maximumOfNothingIsZeroAndOfAnInfinityInfinite(Backend backend, DType dtype) {
    try (Matrix x = backend.zeros(dtype, 4, 9)) {
      assertEquals(0, backend.maxAbs(x.block(0, 0, 0, 9)));
      x.set(2, 7, Double.NEGATIVE_INFINITY);
      assertEquals(Double.POSITIVE_INFINITY, backend.maxAbs(x));
    }
  }

  @EveryBackend
  void firstNonFiniteEntryIsFoundAnywhere(Backend backend, DType dtype) {
    for (int at = 0; at < SHAPE.size(); at++) {
      var values = new double[SHAPE.size()];
      values[values.length - 1] = Double.NaN;
      values[at] = at % 2 == 0 ? Double.NaN : Double.NEGATIVE_INFINITY;
      try (var x = new Framed(backend, dtype, Layout.WIDE, SHAPE, values)) {
        var found = assertThrows(NonFinite.class, () -> backend.requireFinite("loss: F", x.matrix()));
        assertEquals(at, found.row() * SHAPE.cols() + found.column());
        assertTrue(found.getMessage().startsWith("loss: F has a NaN"), found.getMessage());
      }
    }
  }

  @EveryBackend
  void nonFiniteEntriesBesideABlockDoNotMatter(Backend backend, DType dtype) {
    try (Matrix around = backend.zeros(dtype, 9, 21)) {
      backend.fill(Double.NaN, around);
      Matrix block = around.block(2, 3, 4, 11);
      backend.fill(Float.MAX_VALUE, block);
      backend.requireFinite("block", block);
      assertEquals(Float.MAX_VALUE, backend.maxAbs(block));
      assertEquals(44 * (double) Float.MAX_VALUE, backend.sum(block), 1e-13 * 44 * Float.MAX_VALUE);
    }
  }

  @EveryBackend
  void nanAndInfinityPassThroughProducts(Backend backend, DType dtype) {
    try (Matrix x = backend.zeros(dtype, 3, 3); Matrix y = backend.zeros(dtype, 3, 3)) {
      x.copyFrom(1, 0, 0, 0, Double.NaN, 0, 0, 0, Double.POSITIVE_INFINITY);
      backend.fill(1, y);
      Matrix column = y.block(0, 0, 3, 1);
      backend.rowDots(x, x, column);
      assertArrayEquals(new double[] {1, Double.NaN, Double.POSITIVE_INFINITY}, column.toArray());
      assertEquals(Double.NaN, backend.sum(x));
    }
  }

  @EveryBackend
  void emptyReductionsAreZero(Backend backend, DType dtype, ScalarCall call) {
    var sizes = new Sizes(0, 7, 1, 1);
    try (Matrix x = backend.zeros(dtype, 0, 7)) {
      assertEquals(0, call.run(backend, sizes, 1, 0, x, x));
    }
  }

  // No operation may walk the rows of a matrix that has 2^60 of them and not one element.
  @EveryBackend
  void hugeEmptyMatricesTakeNoTime(Backend backend, DType dtype) {
    long huge = 1L << 60;
    try (Matrix x = backend.zeros(dtype, huge, 0); Matrix y = backend.zeros(dtype, huge, 0);
        Matrix row = backend.zeros(dtype, 1, 0); Matrix none = backend.zeros(dtype, 0, 0)) {
      backend.copy(x, y);
      backend.add(2, x, 1, y);
      backend.multiply(x, y, y);
      backend.multiplyRow(row, x, y);
      backend.addHadamard(x, y, 1, y);
      backend.columnSums(1, x, 1, row);
      backend.gemm(Transpose.YES, Transpose.NO, 1, x, y, 0, none);
      backend.gemm(Transpose.NO, Transpose.NO, 1, x, none, 0, y);
      assertEquals(0, backend.dot(x, y) + backend.maxAbs(x));
      backend.requireFinite("nothing", x);
    }
  }
}
