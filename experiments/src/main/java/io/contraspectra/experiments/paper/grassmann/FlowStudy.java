package io.contraspectra.experiments.paper.grassmann;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.DormandPrince;
import io.contraspectra.core.manifold.ExactFlow;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** G2 and G5: the closed form is the constrained gradient flow, and converges at the rate of the eigengap. */
final class FlowStudy implements Study {

  private static final int SAMPLES = 200;
  private static final int OUTPUTS = 4;
  private static final double SOLVER_TOLERANCE = 1e-12;
  private static final double[] SOLVED_TIMES = {0.1, 0.3, 1, 2};
  private static final double[] BOUND_TIMES_IN_GAPS = {0, 0.5, 1, 2, 3, 5, 6};
  private static final double LEG_IN_GAPS = 5;
  private static final int LEGS = 20;
  private static final String SOLVER = "projector distance to the solved differential equation";
  private static final String BOUND = "tan of the angle / its bound";
  private static final String RATE = "rate of convergence / eigengap";

  @Override
  public String name() {
    return "flow";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Views views = Views.synthetic(backend, SAMPLES, random);
        Matrix start = Stiefel.random(backend, DType.F64, Views.DIMENSION, OUTPUTS, random)) {
      for (Views.Loss loss : Views.Loss.values()) {
        try (TraceObjective objective = views.objective(loss); var spectrum = new Spectrum(objective)) {
          sheet.largest(SOLVER, distanceFromSolver(objective, start));
          converge(objective, spectrum, start, loss, sheet);
        }
      }
    }
    return sheet;
  }

  private static double distanceFromSolver(TraceObjective objective, Matrix start) {
    Backend backend = objective.backend();
    double worst = 0;
    try (var exact = new ExactFlow(objective, start);
        Matrix small = backend.zeros(DType.F64, OUTPUTS, OUTPUTS);
        var solver = new DormandPrince(backend, (w, dw) -> HorizontalFlow.derivative(objective, w, small, dw), start,
            SOLVER_TOLERANCE)) {
      for (double time : SOLVED_TIMES) {
        exact.advanceTo(time);
        solver.advanceTo(time);
        worst = Math.max(worst, Subspaces.compare(backend, exact.frame(), solver.state()).projectorDistance());
      }
    }
    return worst;
  }

  private static void converge(
      TraceObjective objective, Spectrum spectrum, Matrix start, Views.Loss loss, Measured.Sheet sheet) {
    double gap = spectrum.gap(OUTPUTS);
    double atStart = Math.tan(spectrum.angleToTop(start));
    try (var exact = new ExactFlow(objective, start)) {
      for (double time : BOUND_TIMES_IN_GAPS) {
        double tangent = tangentAt(exact, spectrum, time / gap);
        sheet.largest(BOUND, tangent / (Math.exp(-time) * atStart));
        sheet.put(tangentName(loss, time), tangent);
      }
    }
    sheet.put(rate(loss), finalRate(objective, spectrum, start) / gap);
  }

  /**
   * The rate at which the tangent falls after a long time. Long before, the tangent meets the rounding; but the matrix
   * of tangents obeys a linear equation, so it may be enlarged after every leg of the way, as one does to find Lyapunov
   * exponents.
   */
  private static double finalRate(TraceObjective objective, Spectrum spectrum, Matrix start) {
    Backend backend = objective.backend();
    double leg = LEG_IN_GAPS / spectrum.gap(OUTPUTS);
    double rate = Double.NaN;
    try (Matrix w = backend.copyOf(start, DType.F64);
        Matrix top = spectrum.top(OUTPUTS);
        Matrix inside = backend.zeros(DType.F64, OUTPUTS, OUTPUTS);
        Matrix along = backend.zeros(DType.F64, w.rows(), OUTPUTS)) {
      for (int i = 0; i < LEGS; i++) {
        double before = Math.tan(spectrum.angleToTop(w));
        try (var exact = new ExactFlow(objective, w)) {
          exact.advanceTo(leg);
          backend.copy(exact.frame(), w);
        }
        rate = Math.log(before / Math.tan(spectrum.angleToTop(w))) / leg;
        backend.gemm(YES, NO, 1, top, w, 0, inside);
        backend.gemm(NO, NO, 1, top, inside, 0, along);
        // W = along + outside becomes along + outside * exp(LEG_IN_GAPS).
        backend.add(1 - Math.exp(LEG_IN_GAPS), along, Math.exp(LEG_IN_GAPS), w);
        Stiefel.orthonormalise(backend, w);
      }
    }
    return rate;
  }

  private static double tangentAt(ExactFlow flow, Spectrum spectrum, double time) {
    flow.advanceTo(time);
    return Math.tan(spectrum.angleToTop(flow.frame()));
  }

  private static String rate(Views.Loss loss) {
    return RATE + " (" + loss.label() + ")";
  }

  /** The quantity "tangent of the angle to the best subspace" at a time in units of 1/gap. */
  static String tangentName(Views.Loss loss, double time) {
    return "tangent " + loss.label() + " " + time;
  }

  static double[] timesInGaps() {
    return BOUND_TIMES_IN_GAPS.clone();
  }

  @Override
  public List<Gate> gates() {
    return List.of(
        Gate.of("grassmann:G2", "The gradient flow under WᵀW = I has a closed form, exp(tA)W0 made orthonormal.",
            Bound.atMost(SOLVER, 1e-9)),
        Gate.of("grassmann:G5", "The tangent of the largest angle to the best subspace falls at least as fast as"
            + " exp(-t(λ_z - λ_(z+1))), and in the end exactly so.",
            Bound.atMost(BOUND, 1 + 1e-9), Bound.between(rate(Views.Loss.CONTRASTIVE), 0.99, 1.01),
            Bound.between(rate(Views.Loss.NON_CONTRASTIVE), 0.99, 1.01)));
  }
}
