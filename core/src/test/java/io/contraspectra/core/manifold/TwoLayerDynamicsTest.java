package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomStreams;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two linear layers on their manifolds move as one, whatever the width (grassmann.md 5 and 9, G7). */
class TwoLayerDynamicsTest {

  private static final int D = SyntheticViews.D;
  private static final int Z = 3;
  private static final double TIME = 0.8;
  private static final double TOLERANCE = 1e-8;

  /** Matrices of one differential equation, stacked into one: the first layer's rows, then the second layer's. */
  private record Layers(Matrix first, Matrix second) {}

  private interface LayerFlow {
    void derivative(Layers at, Layers derivative);
  }

  @ParameterizedTest
  @ValueSource(ints = {Z, 4, 6, D})
  void orthonormalLayersFollowTheClosedForm(int width) {
    for (long seed = 0; seed < 5; seed++) {
      var streams = RandomStreams.of(seed);
      try (Backend backend = TestBackend.CPU_VECTOR.open();
          var views = SyntheticViews.of(backend, seed);
          var objective = views.objective(true);
          Matrix w1 = Stiefel.random(backend, DType.F64, D, width, streams.named("W1"));
          Matrix w2 = Stiefel.random(backend, DType.F64, width, Z, streams.named("W2"));
          Matrix effective = product(backend, w1, w2);
          var flow = new ExactFlow(objective, effective);
          Matrix network = solveOrthonormal(objective, w1, w2)) {
        flow.advanceTo(TIME);
        try (Matrix expected = Stiefel.projector(backend, flow.frame());
            Matrix actual = Stiefel.projector(backend, network)) {
          assertTrue(backend.distance(expected, actual) <= TOLERANCE, "width " + width + ", seed " + seed);
        }
      }
    }
  }

  /** W1' = (I − W1W1ᵀ)AWW2ᵀ, W2' = (I − W2W2ᵀ)W1ᵀAW, as written. */
  private static Matrix solveOrthonormal(TraceObjective objective, Matrix w1, Matrix w2) {
    Backend backend = objective.backend();
    return solve(backend, w1, w2, NO, (at, derivative) -> {
      try (Matrix effective = product(backend, at.first(), at.second());
          Matrix pull = backend.zeros(DType.F64, D, Z);
          Matrix small1 = backend.zeros(DType.F64, at.first().cols(), at.first().cols());
          Matrix small2 = backend.zeros(DType.F64, Z, Z)) {
        objective.gradient(effective, pull);
        backend.gemm(NO, YES, -1, pull, at.second(), 0, derivative.first());
        Stiefel.removeSpan(backend, at.first(), derivative.first(), small1);
        backend.gemm(YES, NO, -1, at.first(), pull, 0, derivative.second());
        Stiefel.removeSpan(backend, at.second(), derivative.second(), small2);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 50})
  void wideLayersFollowTheRiccatiEquation(int width) {
    for (long seed = 0; seed < 5; seed++) {
      var streams = RandomStreams.of(seed);
      try (Backend backend = TestBackend.CPU_VECTOR.open();
          var views = SyntheticViews.of(backend, seed);
          var objective = views.objective(true);
          Matrix v = Stiefel.random(backend, DType.F64, width, D, streams.named("V"));
          Matrix w2 = Stiefel.random(backend, DType.F64, width, Z, streams.named("W2"));
          var flow = WideTwoLayerFlow.ofLayers(objective, v, w2);
          Matrix network = solveWide(objective, v, w2)) {
        flow.advanceTo(TIME);
        assertTrue(backend.distance(flow.effective(), network) <= TOLERANCE, "width " + width + ", seed " + seed);
      }
    }
  }

  /** V' = (I − VVᵀ)W2W2ᵀVA and the same rule for W2, as written. */
  private static Matrix solveWide(TraceObjective objective, Matrix v, Matrix w2) {
    Backend backend = objective.backend();
    return solve(backend, v, w2, YES, (at, derivative) -> {
      try (Matrix effective = backend.zeros(DType.F64, D, Z);
          Matrix pull = backend.zeros(DType.F64, D, Z);
          Matrix smallV = backend.zeros(DType.F64, D, D);
          Matrix small2 = backend.zeros(DType.F64, Z, Z)) {
        backend.gemm(YES, NO, 1, at.first(), at.second(), 0, effective);
        objective.gradient(effective, pull);
        backend.gemm(NO, YES, -1, at.second(), pull, 0, derivative.first());
        Stiefel.removeSpan(backend, at.first(), derivative.first(), smallV);
        backend.gemm(NO, NO, -1, at.first(), pull, 0, derivative.second());
        Stiefel.removeSpan(backend, at.second(), derivative.second(), small2);
      }
    });
  }

  /** The effective map {@code op(W1) W2} at the end. */
  private static Matrix solve(
      Backend backend, Matrix w1, Matrix w2, Transpose first, LayerFlow flow) {
    long columns = Math.max(w1.cols(), w2.cols());
    try (Matrix start = backend.zeros(DType.F64, w1.rows() + w2.rows(), columns)) {
      Layers layers = layers(start, w1, w2);
      backend.copy(w1, layers.first());
      backend.copy(w2, layers.second());
      try (var solver = new DormandPrince(backend, (y, dy) -> {
        backend.fill(0, dy);
        flow.derivative(layers(y, w1, w2), layers(dy, w1, w2));
      }, start, 1e-12)) {
        solver.advanceTo(TIME);
        Layers end = layers(solver.state(), w1, w2);
        Matrix effective = backend.zeros(DType.F64, D, Z);
        backend.gemm(first, NO, 1, end.first(), end.second(), 0, effective);
        return effective;
      }
    }
  }

  private static Layers layers(Matrix stacked, Matrix w1, Matrix w2) {
    return new Layers(stacked.block(0, 0, w1.rows(), w1.cols()),
        stacked.block(w1.rows(), 0, w2.rows(), w2.cols()));
  }

  private static Matrix product(Backend backend, Matrix a, Matrix b) {
    Matrix c = backend.zeros(DType.F64, a.rows(), b.cols());
    backend.gemm(NO, NO, 1, a, b, 0, c);
    return c;
  }
}
