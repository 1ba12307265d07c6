package io.contraspectra.experiments.paper.grassmann;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.EffectiveRank;
import io.contraspectra.core.manifold.ExactFlow;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** G6: without constraints, or with constraints on the norm alone, all columns become one (grassmann.md 2). */
final class CollapseStudy implements Study {

  private static final int SAMPLES = 200;
  private static final int OUTPUTS = 4;
  private static final double END_IN_GAPS = 24;
  private static final int PROJECTED_STEPS = 4000;
  private static final double PROJECTED_STEP_SIZE = 0.1;
  private static final double[] FOLLOWED_IN_GAPS = {0, 0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24};
  private static final String FREE = "erank - 1 of the free flow";
  private static final String BALL = "erank - 1 in the Frobenius ball";
  private static final String COLUMNS = "erank - 1 with unit columns";
  private static final String ORTHONORMAL = "|erank - z| with orthonormal columns";

  @Override
  public String name() {
    return "collapse";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Views views = Views.synthetic(backend, SAMPLES, random);
        Matrix start = Stiefel.random(backend, DType.F64, Views.DIMENSION, OUTPUTS, random)) {
      for (Views.Loss loss : Views.Loss.values()) {
        try (TraceObjective objective = views.objective(loss); var spectrum = new Spectrum(objective)) {
          follow(objective, spectrum, start, loss, sheet);
          sheet.largest(BALL, projected(objective, start, CollapseStudy::intoBall) - 1);
          sheet.largest(COLUMNS, projected(objective, start, CollapseStudy::toUnitColumns) - 1);
        }
      }
    }
    return sheet;
  }

  private static void follow(
      TraceObjective objective, Spectrum spectrum, Matrix start, Views.Loss loss, Measured.Sheet sheet) {
    Backend backend = objective.backend();
    double gap = spectrum.gap(1);
    try (var exact = new ExactFlow(objective, start)) {
      for (double time : FOLLOWED_IN_GAPS) {
        exact.advanceTo(time / gap);
        double constrained = EffectiveRank.of(backend, exact.frame()).erank();
        double free;
        try (Matrix w = spectrum.freeFlow(start, time / gap)) {
          free = EffectiveRank.of(backend, w).erank();
        }
        sheet.put(rankName("free", loss, time), free);
        sheet.put(rankName("orthonormal", loss, time), constrained);
        sheet.largest(ORTHONORMAL, Math.abs(constrained - OUTPUTS));
        if (time == END_IN_GAPS) {
          sheet.largest(FREE, free - 1);
        }
      }
    }
  }

  /** What keeps W bounded. */
  @FunctionalInterface
  private interface Projection {
    void apply(Backend backend, Matrix w);
  }

  /** The effective rank after many steps of projected gradient descent. */
  private static double projected(TraceObjective objective, Matrix start, Projection projection) {
    Backend backend = objective.backend();
    try (Matrix w = backend.copyOf(start, DType.F64);
        Matrix gradient = backend.zeros(DType.F64, start.rows(), start.cols())) {
      for (int step = 0; step < PROJECTED_STEPS; step++) {
        objective.gradient(w, gradient);
        backend.add(-PROJECTED_STEP_SIZE, gradient, 1, w);
        projection.apply(backend, w);
      }
      return EffectiveRank.of(backend, w).erank();
    }
  }

  private static void intoBall(Backend backend, Matrix w) {
    double norm = backend.norm(w);
    if (norm > 1) {
      backend.scale(1 / norm, w);
    }
  }

  private static void toUnitColumns(Backend backend, Matrix w) {
    for (long column = 0; column < w.cols(); column++) {
      Matrix one = w.block(0, column, w.rows(), 1);
      backend.scale(1 / backend.norm(one), one);
    }
  }

  static double[] timesInGaps() {
    return FOLLOWED_IN_GAPS.clone();
  }

  static String rankName(String variant, Views.Loss loss, double time) {
    return "erank " + variant + " " + loss.label() + " " + time;
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("grassmann:G6", "Independent output coordinates collapse to one dimension, and so do bounds"
        + " on the norm of W or of its columns; orthonormal columns keep the rank.",
        Bound.atMost(FREE, 1e-6), Bound.atMost(BALL, 1e-6), Bound.atMost(COLUMNS, 1e-6),
        Bound.atMost(ORTHONORMAL, 1e-9)));
  }
}
