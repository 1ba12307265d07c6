package io.contraspectra.experiments.paper.grassmann;

import io.contraspectra.core.manifold.FlowMethod;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.SeedSeries;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.report.Axis;
import io.contraspectra.experiments.report.Figure;
import io.contraspectra.experiments.report.Fit;
import io.contraspectra.experiments.report.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;

/** The plots of what the studies measured; a study that was not run has none. */
final class GrassmannFigures {

  private final Measured measured;
  private final List<Study> studies;
  private final List<Figure> figures = new ArrayList<>();

  GrassmannFigures(Measured measured, List<Study> studies) {
    this.measured = measured;
    this.studies = studies;
  }

  List<Figure> all() {
    for (Study study : studies) {
      switch (study) {
        case CollapseStudy _ -> collapse();
        case FlowStudy _ -> convergence();
        case OrderStudy _ -> orders();
        case HalfTimeStudy halfTime -> halfTimes(halfTime.widths());
        case LazinessStudy laziness -> laziness(laziness.widths());
        default -> { }
      }
    }
    return figures.stream().filter(figure -> !figure.series().isEmpty()).toList();
  }

  private void collapse() {
    double[] times = CollapseStudy.timesInGaps();
    var series = new ArrayList<Series>();
    for (Views.Loss loss : Views.Loss.values()) {
      add(series, "free, " + loss.label(), times, time -> CollapseStudy.rankName("free", loss, time));
      add(series, "orthonormal, " + loss.label(), times, time -> CollapseStudy.rankName("orthonormal", loss, time));
    }
    figures.add(new Figure("collapse", "Effective rank of W in time",
        "Free columns all become the top eigenvector; orthonormal ones keep four dimensions. Means over seeds, bars"
            + " from the smallest to the largest.",
        Axis.linear("time × (λ_1 - λ_2)"), Axis.linear("effective rank"), series));
  }

  private void convergence() {
    double[] times = Arrays.stream(FlowStudy.timesInGaps()).toArray();
    var series = new ArrayList<Series>();
    for (Views.Loss loss : Views.Loss.values()) {
      add(series, loss.label(), times, time -> FlowStudy.tangentName(loss, time));
    }
    figures.add(new Figure("convergence", "Angle to the best subspace in time",
        "The tangent of the largest principal angle falls like exp(-t(λ_z - λ_(z+1))), or faster at first.",
        Axis.linear("time × (λ_z - λ_(z+1))"), Axis.log("tangent of the largest angle"), series));
  }

  private void orders() {
    double[] steps = OrderStudy.steps().stream().mapToDouble(Integer::doubleValue).toArray();
    var series = new ArrayList<Series>();
    Axis x = Axis.log("steps");
    Axis y = Axis.log("projector distance to the flow");
    OrderStudy.schemes().forEach((FlowMethod method) -> {
      add(series, method.label(), steps,
          count -> OrderStudy.errorName(method, Views.Loss.CONTRASTIVE, (int) count));
      if (!series.isEmpty()) {
        Series last = series.removeLast();
        series.add(last.withFit(Fit.leastSquares(last, x, y)));
      }
    });
    figures.add(new Figure("orders", "Steps against the flow at t = 0.7",
        "Contrastive loss. Four schemes of first order, on top of each other but for Oja's, and one of second order.",
        x, y, series));
  }

  private void halfTimes(List<Integer> widths) {
    var series = new ArrayList<Series>();
    Axis x = Axis.log("width M");
    Axis y = Axis.linear("λ_1 s_half");
    add(series, "frozen features", widths, HalfTimeStudy::timeName);
    series.replaceAll(one -> one.withFit(Fit.leastSquares(one, x, y)));
    figures.add(new Figure("half-times", "When the constraint binds",
        "Time until the objective of frozen features is half of its optimum, for one output: it grows like ln(M)/2,"
            + " so no width is wide enough for the unconstrained law.", x, y, series));
  }

  private void laziness(List<Integer> widths) {
    var series = new ArrayList<Series>();
    Axis x = Axis.log("width M");
    Axis y = Axis.log("relative change");
    for (LazinessStudy.Task task : LazinessStudy.Task.values()) {
      for (LazinessStudy.Change change : LazinessStudy.Change.values()) {
        add(series, task.label() + ", " + change.label(), widths,
            width -> LazinessStudy.changeName(task, change, width));
      }
    }
    series.replaceAll(one -> one.withFit(Fit.leastSquares(one, x, y)));
    figures.add(new Figure("laziness", "How far training moves a network",
        "Supervised networks move the less the wider they are; self-supervised ones with an orthonormal readout do not"
            + " become lazy.", x, y, series));
  }

  private void add(List<Series> series, String name, List<Integer> sizes, IntFunction<String> quantity) {
    add(series, name, sizes.stream().mapToDouble(Integer::doubleValue).toArray(),
        size -> quantity.apply((int) size));
  }

  /** Nothing if a quantity is missing. */
  private void add(List<Series> series, String name, double[] x, DoubleFunction<String> quantity) {
    SeedSeries.means(measured, name, x, quantity).ifPresent(series::add);
  }
}
