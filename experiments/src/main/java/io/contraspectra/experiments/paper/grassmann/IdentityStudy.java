package io.contraspectra.experiments.paper.grassmann;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** G1: the losses of a linear map are {@code −tr(WᵀCW)}, with gradient {@code −AW} (grassmann.md 1). */
final class IdentityStudy implements Study {

  private static final int SAMPLES = 200;
  private static final int OUTPUTS = 4;
  private static final double STEP = 1e-5;
  private static final String VALUE = "relative error of the loss";
  private static final String GRADIENT = "error of the gradient";

  @Override
  public String name() {
    return "identity";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Views views = Views.synthetic(backend, SAMPLES, random);
        Matrix w = backend.zeros(DType.F64, Views.DIMENSION, OUTPUTS);
        Matrix gradient = backend.zeros(DType.F64, Views.DIMENSION, OUTPUTS)) {
      w.copyFrom(RandomDraws.gaussian(random, Views.DIMENSION * OUTPUTS));
      for (Views.Loss loss : Views.Loss.values()) {
        try (TraceObjective objective = views.objective(loss)) {
          double value = direct(views, loss, w);
          sheet.largest(VALUE, Math.abs(objective.value(w) - value) / Math.abs(value));
          objective.gradient(w, gradient);
          sheet.largest(GRADIENT, gradientError(views, loss, w, gradient));
        }
      }
    }
    return sheet;
  }

  /** The loss by its definition, sample by sample. */
  private static double direct(Views views, Views.Loss loss, Matrix w) {
    Backend backend = views.backend();
    try (Matrix f = mapped(views.x(), w, backend);
        Matrix positives = mapped(views.positives(), w, backend);
        Matrix negatives = mapped(views.negatives(), w, backend)) {
      double towards = backend.dot(f, positives);
      double away = loss == Views.Loss.CONTRASTIVE ? backend.dot(f, negatives) : 0;
      return (away - towards) / f.rows();
    }
  }

  private static Matrix mapped(Matrix x, Matrix w, Backend backend) {
    Matrix f = backend.zeros(DType.F64, x.rows(), w.cols());
    backend.gemm(NO, NO, 1, x, w, 0, f);
    return f;
  }

  /** The largest difference from central differences. */
  private static double gradientError(Views views, Views.Loss loss, Matrix w, Matrix gradient) {
    double worst = 0;
    for (int i = 0; i < w.rows(); i++) {
      for (int j = 0; j < w.cols(); j++) {
        double centre = w.get(i, j);
        w.set(i, j, centre + STEP);
        double above = direct(views, loss, w);
        w.set(i, j, centre - STEP);
        double below = direct(views, loss, w);
        w.set(i, j, centre);
        worst = Math.max(worst, Math.abs((above - below) / (2 * STEP) - gradient.get(i, j)));
      }
    }
    return worst;
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("grassmann:G1",
        "The contrastive and the non-contrastive loss of a linear map are -tr(WᵀCW), and its gradient is -(C + Cᵀ)W.",
        Bound.atMost(VALUE, 1e-12), Bound.atMost(GRADIENT, 1e-7)));
  }
}
