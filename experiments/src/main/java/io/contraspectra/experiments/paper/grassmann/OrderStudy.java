package io.contraspectra.experiments.paper.grassmann;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.ExactFlow;
import io.contraspectra.core.manifold.FlowMethod;
import io.contraspectra.core.manifold.GrassmannFlow;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.random.RandomGenerator;

/** G3, G4 and G12: steps approach the flow with their order, and are stable up to the known step size. */
final class OrderStudy implements Study {

  private static final int SAMPLES = 200;
  private static final int OUTPUTS = 4;
  private static final double TIME = 0.7;
  private static final int LONG_RUN = 4000;
  private static final List<Integer> STEPS = List.of(64, 128, 256, 512, 1024);
  private static final String SPANS = "projector distance of qr and polar";
  private static final String STABLE = "distance with eta(l1 - ld) = 1.9";
  private static final String UNSTABLE = "distance with eta(l1 - ld) = 2.3";

  @Override
  public String name() {
    return "order";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Views views = Views.synthetic(backend, SAMPLES, random);
        Matrix start = Stiefel.random(backend, DType.F64, Views.DIMENSION, OUTPUTS, random)) {
      for (Views.Loss loss : Views.Loss.values()) {
        try (TraceObjective objective = views.objective(loss)) {
          schemes().forEach(method -> order(objective, start, method, loss, sheet));
          sheet.largest(SPANS, spanDistance(objective, start));
          stability(objective, start, sheet);
        }
      }
    }
    return sheet;
  }

  private static void order(
      TraceObjective objective, Matrix start, FlowMethod method, Views.Loss loss, Measured.Sheet sheet) {
    Backend backend = objective.backend();
    try (var exact = new ExactFlow(objective, start)) {
      exact.advanceTo(TIME);
      double previous = Double.NaN;
      double error = Double.NaN;
      for (int steps : STEPS) {
        previous = error;
        try (GrassmannFlow flow = GrassmannFlow.start(objective, start, method, TIME / steps)) {
          flow.advanceTo(TIME);
          error = Subspaces.compare(backend, exact.frame(), flow.frame()).projectorDistance();
        }
        sheet.put(errorName(method, loss, steps), error);
      }
      sheet.put(orderName(method, loss), Math.log(previous / error) / Math.log(2));
    }
  }

  private static double spanDistance(TraceObjective objective, Matrix start) {
    double eta = TIME / STEPS.getFirst();
    try (GrassmannFlow qr = GrassmannFlow.start(objective, start, FlowMethod.QR, eta);
        GrassmannFlow polar = GrassmannFlow.start(objective, start, FlowMethod.POLAR, eta)) {
      qr.advanceTo(TIME);
      polar.advanceTo(TIME);
      return Subspaces.compare(objective.backend(), qr.frame(), polar.frame()).projectorDistance();
    }
  }

  /** The fixed point attracts if and only if eta(λ_1 − λ_d) < 2. */
  private static void stability(TraceObjective objective, Matrix start, Measured.Sheet sheet) {
    try (var spectrum = new Spectrum(objective)) {
      double spread = spectrum.value(1) - spectrum.smallest();
      sheet.largest(STABLE, distanceAfterLongRun(objective, spectrum, start, 1.9 / spread));
      sheet.smallest(UNSTABLE, distanceAfterLongRun(objective, spectrum, start, 2.3 / spread));
    }
  }

  private static double distanceAfterLongRun(
      TraceObjective objective, Spectrum spectrum, Matrix start, double eta) {
    Backend backend = objective.backend();
    try (GrassmannFlow flow = GrassmannFlow.start(objective, start, FlowMethod.QR, eta);
        Matrix top = spectrum.top((int) start.cols())) {
      flow.advanceTo(LONG_RUN * eta);
      return Subspaces.compare(backend, flow.frame(), top).projectorDistance();
    }
  }

  static Stream<FlowMethod> schemes() {
    return Stream.of(FlowMethod.values()).filter(method -> method != FlowMethod.EXACT);
  }

  static List<Integer> steps() {
    return STEPS;
  }

  static String errorName(FlowMethod method, Views.Loss loss, int steps) {
    return "error " + method.label() + " " + loss.label() + " " + steps;
  }

  private static String orderName(FlowMethod method, Views.Loss loss) {
    return "order of " + method.label() + " (" + loss.label() + ")";
  }

  @Override
  public List<Gate> gates() {
    var orders = new ArrayList<Bound>();
    schemes().forEach(method -> {
      for (Views.Loss loss : Views.Loss.values()) {
        boolean second = method == FlowMethod.SECOND_ORDER;
        orders.add(Bound.between(orderName(method, loss), second ? 1.9 : 0.95, second ? 2.1 : 1.05));
      }
    });
    return List.of(
        new Gate("grassmann:G3", "Riemannian gradient steps approach the flow to first order in the step size, whatever"
            + " the retraction; the second-order scheme to second order.", orders,
            "order in [0.95, 1.05]; of o2 in [1.9, 2.1]"),
        Gate.of("grassmann:G4", "QR and polar retractions give the same subspaces.", Bound.atMost(SPANS, 1e-12)),
        Gate.of("grassmann:G12", "QR steps converge if and only if eta times the spread of the eigenvalues is below 2.",
            Bound.atMost(STABLE, 1e-8), Bound.atLeast(UNSTABLE, 1e-2)));
  }
}
