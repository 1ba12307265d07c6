package io.contraspectra.experiments.paper.grassmann;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.KernelFlow;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.PowerLaw;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * G9: with frozen features the constraint binds after a time of {@code ln(M)/(2λ_1)}, so that even the widest model is
 * no kernel machine (grassmann.md 6a).
 */
final class HalfTimeStudy implements Study {

  private static final int SAMPLES = 20;
  private static final int STARTS = 8;
  private static final double STEP = 0.02;
  private static final double LONGEST = 100;
  private static final String SLOPE = "slope of λ_1 s_half on ln M";

  private final List<Integer> widths;

  HalfTimeStudy(List<Integer> widths) {
    this.widths = widths;
  }

  @Override
  public String name() {
    return "half-time";
  }

  List<Integer> widths() {
    return widths;
  }

  static String timeName(int width) {
    return "λ_1 s_half at M = " + width;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    var means = new double[widths.size()];
    try (Views views = Views.synthetic(backend, SAMPLES, random)) {
      for (int i = 0; i < means.length; i++) {
        means[i] = meanHalfTime(views, widths.get(i), random);
        sheet.put(timeName(widths.get(i)), means[i]);
      }
    }
    sheet.put(SLOPE, PowerLaw.onLogWidth(widths, means).slope());
    return sheet;
  }

  private static double meanHalfTime(Views views, int width, RandomGenerator random) {
    Backend backend = views.backend();
    double sum = 0;
    try (Features features = Features.random(views, width, random);
        TraceObjective reduced = features.reduced();
        var spectrum = new Spectrum(reduced)) {
      double largest = spectrum.value(1);
      for (int start = 0; start < STARTS; start++) {
        try (Matrix w0 = Stiefel.random(backend, DType.F64, width, 1, random); Matrix f0 = features.outputs(w0)) {
          sum += halfTime(features, f0, largest);
        }
      }
    }
    return sum / STARTS;
  }

  /** λ_1 times the moment at which the objective is half of its optimum −λ_1/2. */
  private static double halfTime(Features features, Matrix f0, double largest) {
    double target = -largest / 4;
    try (var flow = new KernelFlow(features.backend(), features.kernel(), features.coupling(), f0)) {
      double before = features.objective(f0);
      for (double time = STEP; time <= LONGEST; time += STEP) {
        flow.advanceTo(time / largest);
        double now = features.objective(flow.outputs());
        if (now <= target) {
          return time - STEP * (target - now) / (before - now);
        }
        before = now;
      }
    }
    throw new NotConverged("half-time: the objective was not halved within time " + LONGEST + "/λ_1");
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("grassmann:G9", "The time until the constraint binds grows like ln(M)/(2λ_1) with the width:"
        + " there is no constant-kernel limit.", Bound.between(SLOPE, 0.42, 0.65).ofMean()));
  }
}
