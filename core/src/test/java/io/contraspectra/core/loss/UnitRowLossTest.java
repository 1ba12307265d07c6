package io.contraspectra.core.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A loss of unit rows: its value is the loss at the rows divided by their norms, its gradient the derivative. */
class UnitRowLossTest {

  private static final int N = 5;
  private static final int K = 4;
  private static final double STEP = 1e-5;
  private static final List<String> NAMES = List.of("alpha-infonce", "alpha-lifted", "dot-infonce", "infonce-dot");

  @EveryBackend
  void valueAndGradient(Backend backend) {
    for (String name : NAMES) {
      Loss inner = Losses.named(name, Map.of());
      int rows = inner.blocks() * N;
      double[] x = gaussian(rows * K, 3);
      double[] v = gaussian(rows * K, 4);
      try (LossEvaluation plain = inner.evaluation(backend, DType.F64, N, K);
          LossEvaluation ofUnit = new UnitRowLoss(inner).evaluation(backend, DType.F64, N, K);
          Matrix gradient = backend.zeros(DType.F64, rows, K)) {
        assertEquals(value(backend, plain, unit(x), gradient), value(backend, ofUnit, x, gradient), 1e-12, name);
        double analytic = LossArrangements.dot(gradient.toArray(), v);
        double[] slope = gradient.toArray();
        double numeric = (value(backend, ofUnit, LossArrangements.moved(x, STEP, v), gradient)
            - value(backend, ofUnit, LossArrangements.moved(x, -STEP, v), gradient)) / (2 * STEP);
        assertEquals(numeric, analytic, 1e-8 * Math.max(1, Math.abs(numeric)), name);
        for (int i = 0; i < rows; i++) {
          double along = 0;
          for (int k = i * K; k < (i + 1) * K; k++) {
            along += slope[k] * x[k];
          }
          assertEquals(0, along, 1e-12, name + ": the gradient leaves the sphere in row " + i);
        }
        assertEquals(0, ofUnit.zeroRows());
      }
    }
  }

  @EveryBackend
  void rowsWithoutDirectionStayWhereTheyAre(Backend backend) {
    double[] x = gaussian(2 * N * K, 5);
    for (int k = K; k < 2 * K; k++) {
      x[k] = 0;
    }
    try (LossEvaluation loss = new UnitRowLoss(AlphaLoss.infoNce(.5, 1)).evaluation(backend, DType.F64, N, K);
        Matrix gradient = backend.zeros(DType.F64, 2 * N, K)) {
      assertTrue(Double.isFinite(value(backend, loss, x, gradient)));
      assertEquals(1, loss.zeroRows());
      assertEquals(0, backend.maxAbs(gradient.rowRange(1, 1)));
    }
  }

  @EveryBackend
  void whatDoesNotFitIsRefusedAndNothingIsLeftOpen(Backend backend) {
    refuse(backend);
    // Backends keep scratch memory for the next who asks.
    long before = MemoryLedger.openBlocks();
    refuse(backend);
    assertEquals(before, MemoryLedger.openBlocks());
  }

  private static void refuse(Backend backend) {
    Loss loss = new UnitRowLoss(AlphaLoss.infoNce(.5, 1));
    assertTrue(assertThrows(InvalidArgument.class, () -> loss.evaluation(backend, DType.F64, N, 1)).getMessage()
        .contains("at least 2 dimensions"));
    assertThrows(InvalidArgument.class, () -> loss.evaluation(backend, DType.F64, 1, K));
    try (LossEvaluation evaluation = loss.evaluation(backend, DType.F64, N, K);
        Matrix wrong = backend.zeros(DType.F64, N, K)) {
      assertTrue(assertThrows(ShapeMismatch.class, () -> evaluation.evaluate(wrong, wrong)).getMessage()
          .contains("must be 10x4"));
    }
  }

  private static double[] gaussian(int count, long seed) {
    var random = new Random(seed);
    return random.doubles(count).map(_ -> random.nextGaussian()).toArray();
  }

  private static double[] unit(double[] x) {
    double[] unit = x.clone();
    for (int i = 0; i < x.length; i += K) {
      double squares = 0;
      for (int k = i; k < i + K; k++) {
        squares += x[k] * x[k];
      }
      for (int k = i; k < i + K; k++) {
        unit[k] /= Math.sqrt(squares);
      }
    }
    return unit;
  }

  private static double value(Backend backend, LossEvaluation loss, double[] x, Matrix gradient) {
    try (Matrix at = backend.matrix(gradient.rows(), K, x)) {
      return loss.evaluate(at, gradient);
    }
  }
}
