package io.contraspectra.experiments.paper.grassmann;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.DormandPrince;
import io.contraspectra.core.manifold.ExactFlow;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.manifold.WideTwoLayerFlow;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * G7: a two-layer linear network whose layers follow their own Grassmann flows moves as one layer does, whatever its
 * width (grassmann.md 5). The layers' differential equations are solved here for both layers at once, as one column.
 */
final class TwoLayerStudy implements Study {

  private static final int SAMPLES = 200;
  private static final int OUTPUTS = 3;
  private static final double TIME = 0.8;
  private static final double TOLERANCE = 1e-12;
  private static final List<Integer> NARROW = List.of(3, 4, 6, 10);
  private static final List<Integer> WIDE = List.of(20, 50);
  private static final String EFFECTIVE = "projector distance to the flow of one layer, h = 3, 4, 6, 10";
  private static final String RICCATI = "relative distance to the Riccati flow, h = 20, 50";

  @Override
  public String name() {
    return "two-layer";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Views views = Views.synthetic(backend, SAMPLES, random);
        TraceObjective objective = views.objective(Views.Loss.CONTRASTIVE)) {
      for (int width : NARROW) {
        try (Matrix first = Stiefel.random(backend, DType.F64, Views.DIMENSION, width, random);
            Matrix second = Stiefel.random(backend, DType.F64, width, OUTPUTS, random)) {
          sheet.largest(EFFECTIVE, narrow(objective, first, second));
        }
      }
      for (int width : WIDE) {
        try (Matrix first = Stiefel.random(backend, DType.F64, width, Views.DIMENSION, random);
            Matrix second = Stiefel.random(backend, DType.F64, width, OUTPUTS, random)) {
          sheet.largest(RICCATI, wide(objective, first, second));
        }
      }
    }
    return sheet;
  }

  /** W1 (d x h) and W2 (h x z) against the exact flow from W1W2. */
  private static double narrow(TraceObjective objective, Matrix first, Matrix second) {
    Backend backend = objective.backend();
    try (Matrix effective = backend.zeros(DType.F64, first.rows(), second.cols());
        var layers = new Layers(backend, first, second)) {
      backend.gemm(NO, NO, 1, first, second, 0, effective);
      try (var exact = new ExactFlow(objective, effective);
          Matrix gradient = backend.zeros(DType.F64, first.rows(), second.cols());
          Matrix product = backend.zeros(DType.F64, first.rows(), second.cols());
          Matrix small1 = backend.zeros(DType.F64, first.cols(), first.cols());
          Matrix small2 = backend.zeros(DType.F64, second.cols(), second.cols());
          var solver = new DormandPrince(backend, (y, dy) -> {
            backend.gemm(NO, NO, 1, layers.first(y), layers.second(y), 0, product);
            objective.gradient(product, gradient);
            backend.gemm(NO, YES, -1, gradient, layers.second(y), 0, layers.first(dy));
            backend.gemm(YES, NO, -1, layers.first(y), gradient, 0, layers.second(dy));
            HorizontalFlow.removeSpan(backend, layers.first(y), layers.first(dy), small1);
            HorizontalFlow.removeSpan(backend, layers.second(y), layers.second(dy), small2);
          }, layers.start(), TOLERANCE)) {
        exact.advanceTo(TIME);
        solver.advanceTo(TIME);
        backend.gemm(NO, NO, 1, layers.first(solver.state()), layers.second(solver.state()), 0, effective);
        return Subspaces.compare(backend, exact.frame(), effective).projectorDistance();
      }
    }
  }

  /** V (h x d), whose transpose is the first layer, and W2 (h x z) against the Riccati equation of VᵀW2. */
  private static double wide(TraceObjective objective, Matrix first, Matrix second) {
    Backend backend = objective.backend();
    try (var riccati = WideTwoLayerFlow.ofLayers(objective, first, second);
        var layers = new Layers(backend, first, second);
        Matrix effective = backend.zeros(DType.F64, first.cols(), second.cols());
        Matrix gradient = backend.zeros(DType.F64, first.cols(), second.cols());
        Matrix small1 = backend.zeros(DType.F64, first.cols(), first.cols());
        Matrix small2 = backend.zeros(DType.F64, second.cols(), second.cols());
        var solver = new DormandPrince(backend, (y, dy) -> {
          backend.gemm(YES, NO, 1, layers.first(y), layers.second(y), 0, effective);
          objective.gradient(effective, gradient);
          backend.gemm(NO, YES, -1, layers.second(y), gradient, 0, layers.first(dy));
          backend.gemm(NO, NO, -1, layers.first(y), gradient, 0, layers.second(dy));
          HorizontalFlow.removeSpan(backend, layers.first(y), layers.first(dy), small1);
          HorizontalFlow.removeSpan(backend, layers.second(y), layers.second(dy), small2);
        }, layers.start(), TOLERANCE)) {
      riccati.advanceTo(TIME);
      solver.advanceTo(TIME);
      backend.gemm(YES, NO, 1, layers.first(solver.state()), layers.second(solver.state()), 0, effective);
      return backend.distance(effective, riccati.effective()) / backend.norm(effective);
    }
  }

  /** Two matrices as one column, so that one solver moves both. */
  private record Layers(Matrix start, Matrix shape1, Matrix shape2) implements AutoCloseable {

    Layers(Backend backend, Matrix first, Matrix second) {
      this(backend.zeros(DType.F64, first.size() + second.size(), 1), first, second);
      backend.copy(first, first(start));
      backend.copy(second, second(start));
    }

    Matrix first(Matrix y) {
      return y.rowRange(0, shape1.size()).reshape(shape1.rows(), shape1.cols());
    }

    Matrix second(Matrix y) {
      return y.rowRange(shape1.size(), shape2.size()).reshape(shape2.rows(), shape2.cols());
    }

    @Override
    public void close() {
      start.close();
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("grassmann:G7", "A two-layer linear network follows the closed form of one layer, whatever"
        + " its width; wider than its input it follows a Riccati equation, again without regard to the width.",
        Bound.atMost(EFFECTIVE, 1e-8), Bound.atMost(RICCATI, 1e-8)));
  }
}
