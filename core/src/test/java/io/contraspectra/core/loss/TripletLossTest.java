package io.contraspectra.core.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.TestNetworks;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

class TripletLossTest {

  private static final int N = 5;
  private static final int K = 3;

  /** Embeddings and gradients of one evaluation, stacked: anchors, positives, negatives. */
  private record Evaluated(double value, double[] gradient, long zeroRows) {}

  private static Evaluated evaluate(Backend backend, TripletLoss loss, double[] stacked) {
    long n = stacked.length / (3 * K);
    try (Matrix x = backend.matrix(3 * n, K, stacked);
        Matrix d = backend.zeros(DType.F64, 3 * n, K);
        var evaluation = loss.evaluation(backend, DType.F64, n, K)) {
      double value = evaluation.evaluate(x, d);
      return new Evaluated(value, d.toArray(), evaluation.zeroRows());
    }
  }

  private static double[] embeddings(double scale) {
    try (var backend = TestBackend.REFERENCE.open();
        Matrix x = TestNetworks.inputs(backend, DType.F64, 3 * N, K, 11)) {
      return DoubleStream.of(x.toArray()).map(v -> scale * v).toArray();
    }
  }

  @EveryBackend
  void gradientsAreFiniteDifferences(Backend backend) {
    double[] x = embeddings(1);
    for (TripletLoss loss : TripletLoss.catalogue(0.7)) {
      Evaluated at = evaluate(backend, loss, x);
      for (int i = 0; i < x.length; i++) {
        int which = i;
        double numeric = derivative(h -> {
          double[] moved = x.clone();
          moved[which] += h;
          return evaluate(backend, loss, moved).value();
        });
        assertEquals(numeric, at.gradient()[i], 1e-8 * Math.max(1, Math.abs(at.value())), loss.name() + " entry " + i);
      }
    }
  }

  // Fourth-order central difference.
  private static double derivative(DoubleUnaryOperator f) {
    double h = 1e-3;
    double near = f.applyAsDouble(h) - f.applyAsDouble(-h);
    double far = f.applyAsDouble(2 * h) - f.applyAsDouble(-2 * h);
    return (8 * near - far) / (12 * h);
  }

  @EveryBackend
  void cosineGradientsAreOrthogonalToTheirRows(Backend backend) {
    double[] x = embeddings(1);
    for (TripletLoss loss : TripletLoss.catalogue(1)) {
      if (loss.similarity() == Similarity.COS) {
        double[] g = evaluate(backend, loss, x).gradient();
        for (int row = 0; row < 3 * N; row++) {
          double dot = 0;
          double size = 0;
          for (int k = 0; k < K; k++) {
            dot += x[row * K + k] * g[row * K + k];
            size += Math.abs(x[row * K + k] * g[row * K + k]);
          }
          assertTrue(Math.abs(dot) <= 1e-15 + 4e-16 * size, loss.name() + ": " + dot);
        }
      }
    }
  }

  @EveryBackend
  void cosineLossesDoNotSeeTheScale(Backend backend) {
    for (TripletLoss loss : TripletLoss.catalogue(0.5)) {
      if (loss.similarity() == Similarity.COS) {
        Evaluated one = evaluate(backend, loss, embeddings(1));
        Evaluated forty = evaluate(backend, loss, embeddings(40));
        assertEquals(one.value(), forty.value(), 1e-13, loss.name());
        for (int i = 0; i < one.gradient().length; i++) {
          assertEquals(one.gradient()[i] / 40, forty.gradient()[i], 1e-15, loss.name());
        }
      }
    }
  }

  @EveryBackend
  void staysFiniteAtTinyTemperaturesAndLargeInputs(Backend backend) {
    for (TripletLoss loss : TripletLoss.catalogue(0.002)) {
      if (loss.form() != TripletForm.EXP) { // exp(1/tau) itself leaves the range of doubles
        Evaluated result = evaluate(backend, loss, embeddings(40));
        assertTrue(Double.isFinite(result.value()), loss.name());
        for (double g : result.gradient()) {
          assertTrue(Double.isFinite(g), loss.name());
        }
      }
    }
  }

  @EveryBackend
  void zeroRowsHaveSimilarityAndGradientZero(Backend backend) {
    double[] x = embeddings(1);
    for (int k = 0; k < K; k++) {
      x[2 * K + k] = 0;
      x[(N + 1) * K + k] = 1e-14;
    }
    for (TripletLoss loss : TripletLoss.catalogue(1)) {
      if (loss.similarity() == Similarity.COS) {
        Evaluated result = evaluate(backend, loss, x);
        assertEquals(2, result.zeroRows(), loss.name());
        for (int k = 0; k < K; k++) {
          assertEquals(0, Math.abs(result.gradient()[2 * K + k]), loss.name());
          assertEquals(0, Math.abs(result.gradient()[(N + 1) * K + k]), loss.name());
        }
        assertTrue(Double.isFinite(result.value()), loss.name());
      }
    }
  }

  @EveryBackend
  void refusesBadParametersAndShapes(Backend backend) {
    assertThrows(InvalidArgument.class, () -> TripletLoss.named("cos-linear", 0));
    assertThrows(InvalidArgument.class, () -> TripletLoss.named("cos-linear", Double.NaN));
    assertTrue(assertThrows(InvalidArgument.class, () -> TripletLoss.named("cos-infonc", 1)).getMessage()
        .contains("cos-infonce"));
    assertTrue(assertThrows(InvalidArgument.class,
        () -> TripletLoss.named("cos-linear", 1).evaluation(backend, DType.F64, 3, 1)).getMessage()
        .contains("gradient is 0"));
    assertThrows(InvalidArgument.class, () -> TripletLoss.named("dot-linear", 1).evaluation(backend, DType.F64, 0, 2));
    try (Matrix x = backend.zeros(DType.F64, 9, 2); Matrix y = backend.zeros(DType.F64, 6, 2);
        var evaluation = TripletLoss.named("dot-linear", 1).evaluation(backend, DType.F64, 3, 2)) {
      assertThrows(ShapeMismatch.class, () -> evaluation.evaluate(x, y));
    }
  }
}
