package io.contraspectra.experiments.paper.features;

import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.SeedSeries;
import io.contraspectra.experiments.report.Axis;
import io.contraspectra.experiments.report.Figure;
import io.contraspectra.experiments.report.Fit;
import io.contraspectra.experiments.report.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The plots of what the studies measured; what was not measured is left out. */
final class FeatureFigures {

  private static final Axis WIDTH = Axis.log("hidden width M");

  private final FeatureStudies studies;
  private final Measured measured;
  private final List<Figure> figures = new ArrayList<>();

  private FeatureFigures(FeatureStudies studies, Measured measured) {
    this.studies = studies;
    this.measured = measured;
  }

  static List<Figure> of(FeatureStudies studies, Measured measured) {
    var plots = new FeatureFigures(studies, measured);
    plots.byWidth("components-by-width", Quantity.COMPONENTS, "Principal components turn less in wider networks",
        "After 100 steps with trained features.");
    plots.byWidth("matrix-by-width", Quantity.MATRIX, "The feature matrix moves less in wider networks",
        "After 100 steps with trained features.");
    plots.byWidth("procrustes-by-width", Quantity.PROCRUSTES, "Learned representations are near PCA of random features",
        "The misfit of the learned outputs to the projections onto the principal components at the start, up to a"
            + " rotation.");
    plots.byWidth("cka-by-width", Quantity.MISALIGNMENT, "Learned representations align with PCA of random features",
        "The deficit of linear centred kernel alignment falls about as the square of the other distances.");
    plots.frozen();
    plots.control();
    plots.deep();
    plots.davisKahan();
    return plots.figures.stream().filter(figure -> !figure.series().isEmpty()).toList();
  }

  private void byWidth(String name, Quantity quantity, String title, String caption) {
    Axis y = Axis.log(quantity.title());
    var series = new ArrayList<Series>();
    studies.wide().forEach(study -> add(series, study, study.name(), quantity, y));
    figures.add(new Figure(name, title, caption + " Means over seeds, bars from the smallest to the largest; lines fitted"
        + " to M = 256 to 2048.", WIDTH, y, series));
  }

  private void frozen() {
    double[] steps = FrozenStudy.followed();
    var series = new ArrayList<Series>();
    for (FrozenStudy study : studies.frozen()) {
      SeedSeries.means(measured, study.subject().name(), steps,
          step -> study.distanceName(FrozenStudy.widest(), (int) step)).ifPresent(series::add);
    }
    figures.add(new Figure("frozen", "Frozen features: the readout finds the principal components",
        "M = " + FrozenStudy.widest() + ". The error contracts at every step by a factor that depends on the eigengap,"
            + " once the readout has left the saddle near which random frames begin.",
        Axis.linear("step t"), Axis.log("distance pd(W_t,U_0)"), series));
  }

  private void control() {
    Axis y = Axis.log(Quantity.COMPONENTS.title());
    var series = new ArrayList<Series>();
    for (TrainedStudy study : studies.controls()) {
      add(series, study, "step size 0.05 M, 50 steps", Quantity.COMPONENTS, y);
      studies.wide().stream().filter(other -> other.subject().equals(study.subject()))
          .forEach(other -> add(series, other, "step size 1, 100 steps", Quantity.COMPONENTS, y));
    }
    figures.add(new Figure("control", "Negative control: features that are learned",
        "Clusters, ReLU. With a step size in proportion to the width the components turn by as much at every width: the"
            + " decay is a property of the parameterisation, not of the measure.", WIDTH, y, series));
  }

  private void deep() {
    Axis y = Axis.log(Quantity.COMPONENTS.title());
    var series = new ArrayList<Series>();
    studies.deep().forEach(study -> add(series, study, study.subject().name(), Quantity.COMPONENTS, y));
    figures.add(new Figure("three-layers", "Three layers",
        "After 50 steps with both hidden layers trained; lines fitted from M = 64 on.", WIDTH, y, series));
  }

  private void davisKahan() {
    Axis y = Axis.log(Quantity.DAVIS_KAHAN.title());
    var series = new ArrayList<Series>();
    for (TrainedStudy study : studies.wide()) {
      SeedSeries.means(measured, study.name(), xs(study.widths()),
          width -> Quantity.DAVIS_KAHAN.at(study.name(), (int) width)).ifPresent(series::add);
    }
    if (!series.isEmpty()) {
      double[] widths = series.getFirst().xs();
      series.add(Series.dashed("bound", widths, Arrays.stream(widths).map(_ -> 1).toArray()));
    }
    figures.add(new Figure("davis-kahan", "Davis and Kahan's bound",
        "√K pd(U_t,U_0) over 2‖S_t − S_0‖/(λ_K − λ_(K+1)): never above 1, and far below it.", WIDTH, y, series));
  }

  private void add(List<Series> series, TrainedStudy study, String name, Quantity quantity, Axis y) {
    SeedSeries.means(measured, name, xs(study.widths()), width -> quantity.at(study.name(), (int) width))
        .map(one -> study.fitted().isEmpty() ? one : one.withFit(fit(study, quantity, y)))
        .ifPresent(series::add);
  }

  private Fit fit(TrainedStudy study, Quantity quantity, Axis y) {
    double[] means = study.fitted().stream()
        .mapToDouble(width -> measured.mean(quantity.at(study.name(), width))).toArray();
    return Fit.leastSquares(Series.points("fitted", xs(study.fitted()), means), WIDTH, y);
  }

  private static double[] xs(List<Integer> widths) {
    return widths.stream().mapToDouble(Integer::doubleValue).toArray();
  }
}
