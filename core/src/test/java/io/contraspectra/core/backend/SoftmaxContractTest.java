package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;

/** Softmax of rows, and the logarithm of what it divides by. */
class SoftmaxContractTest {

  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double FEW = 16;

  @EveryBackend
  void agreesWithTheOracle(Backend backend, DType dtype, Layout layout) {
    for (Sizes sizes : Sizes.CONTRACT) {
      requireAgreement(backend, dtype, layout, new Shape(sizes.m(), sizes.n()), 1);
      requireAgreement(backend, dtype, layout, new Shape(sizes.m(), sizes.n()), 50);
    }
    requireAgreement(backend, dtype, layout, new Shape(Sizes.LARGE.m(), Sizes.LARGE.n()), 1);
  }

  private static void requireAgreement(Backend backend, DType dtype, Layout layout, Shape shape, double spread) {
    double[] values = Arrays.stream(Numbers.gaussian(Numbers.generator(), dtype, shape.size()))
        .map(z -> Numbers.rounded(dtype, spread * z)).toArray();
    var column = new Shape(shape.rows(), 1);
    try (var reference = new Backend(new ReferenceEngine());
        var x = new Framed(backend, dtype, layout, shape, values);
        var c = new Framed(backend, dtype, layout, column, Numbers.nan(shape.rows()));
        var expectedX = new Framed(reference, DType.F64, Layout.TIGHT, shape, values);
        var expectedC = new Framed(reference, DType.F64, Layout.TIGHT, column, Numbers.nan(shape.rows()))) {
      backend.softmaxRows(x.matrix(), c.matrix());
      reference.softmaxRows(expectedX.matrix(), expectedC.matrix());
      requireClose(dtype, spread, expectedX.values(), x.values());
      requireClose(dtype, spread, expectedC.values(), c.values());
      x.requireGuardsUntouched();
      c.requireGuardsUntouched();
    }
  }

  // The exponent is rounded at its own size, and an absolute error there is a relative one of the exponential.
  private static void requireClose(DType dtype, double spread, double[] expected, double[] actual) {
    double smallest = dtype == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    for (int i = 0; i < expected.length; i++) {
      double scale = Math.max(Math.abs(expected[i]), smallest);
      assertEquals(expected[i], actual[i], FEW * (1 + spread) * Accuracy.unitRoundoff(dtype) * scale, "element " + i);
    }
  }

  @EveryBackend
  void largeEntriesDoNotOverflow(Backend backend, DType dtype) {
    requireRow(backend, dtype, new double[] {1e4, 1e4}, new double[] {0.5, 0.5}, 1e4 + Math.log(2));
    requireRow(backend, dtype, new double[] {-1e4, -1e4}, new double[] {0.5, 0.5}, -1e4 + Math.log(2));
  }

  @EveryBackend
  void entriesOfMinusInfinityGetNoWeight(Backend backend, DType dtype) {
    requireRow(backend, dtype, new double[] {-INF, 3, -INF}, new double[] {0, 1, 0}, 3);
    requireRow(backend, dtype, new double[] {-INF, -INF}, new double[] {0, 0}, -INF);
  }

  @EveryBackend
  void sumOfNoExponentialsIsZero(Backend backend, DType dtype) {
    requireRow(backend, dtype, new double[0], new double[0], -INF);
  }

  private static void requireRow(Backend backend, DType dtype, double[] row, double[] expected, double logSumExp) {
    try (Matrix x = backend.zeros(dtype, 1, row.length); Matrix c = backend.zeros(dtype, 1, 1)) {
      x.copyFrom(row);
      backend.softmaxRows(x, c);
      assertArrayEquals(expected, x.toArray(), FEW * Accuracy.unitRoundoff(dtype));
      assertEquals(logSumExp, c.get(0, 0), 2e4 * Accuracy.unitRoundoff(dtype));
    }
  }
}
