package io.contraspectra.experiments.paper.ntkdrift;

import static io.contraspectra.experiments.report.Axis.linear;
import static io.contraspectra.experiments.report.Axis.log;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.Similarity;
import io.contraspectra.core.loss.TripletForm;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.training.TrainedLayers;
import io.contraspectra.experiments.paper.PowerLaw;
import io.contraspectra.experiments.report.Axis;
import io.contraspectra.experiments.report.Figure;
import io.contraspectra.experiments.report.Fit;
import io.contraspectra.experiments.report.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/** The plots of the drift experiment. */
final class DriftFigures {

  private static final Axis WIDTH = log("hidden width M");
  private static final Axis DRIFT = log("NTK drift");

  /** Drifts beyond this are drawn here: a run that has escaped says nothing more by how far. */
  private static final double CEILING = 10;
  private static final String CEILING_NOTE = " Drifts above 10, infinite ones included, are drawn at 10.";

  private final DriftSettings settings;
  private final List<SweepResult> results;
  private final Backend backend;
  private final List<Figure> figures = new ArrayList<>();

  private DriftFigures(DriftSettings settings, List<SweepResult> results, Backend backend) {
    this.settings = settings;
    this.results = results;
    this.backend = backend;
  }

  static List<Figure> of(DriftSettings settings, List<SweepResult> results, Backend backend) {
    var drawing = new DriftFigures(settings, results, backend);
    for (TripletSource source : settings.sources()) {
      drawing.driftByWidth(source);
      drawing.driftByStep(source);
      drawing.hittingTimes(source);
    }
    drawing.otherCosineLosses(settings.sources().getFirst());
    drawing.saturatingLosses(settings.sources().getFirst());
    drawing.linearisationError();
    drawing.threeLayers();
    return List.copyOf(drawing.figures);
  }

  private void driftByWidth(TripletSource source) {
    add("drift-by-width-" + source.name(), "NTK drift after " + settings.steps() + " steps, " + source.name(),
        "Geometric means over " + settings.seeds() + " seeds with the range over seeds; lines are least-squares power"
            + " laws. Under the cosine loss the drift falls with the width, under the linear dot-product loss it does"
            + " not." + CEILING_NOTE,
        WIDTH, DRIFT, byWidth(core(source)));
  }

  private void driftByStep(TripletSource source) {
    int widest = settings.widths().getLast();
    List<Series> series = core(source).stream().map(result -> byStep(result, widest)).toList();
    add("drift-by-step-" + source.name(), "NTK drift on the way, M = " + widest + ", " + source.name(),
        "Geometric means over " + settings.seeds() + " seeds. Under the cosine loss the drift levels off; under the"
            + " linear dot-product loss it grows until the kernel has left its neighbourhood (D = 0.5)." + CEILING_NOTE,
        log("step"), DRIFT, withThreshold(series));
  }

  private void otherCosineLosses(TripletSource source) {
    addIfAny("other-cosine-losses", "Other cosine losses and activations, " + source.name(),
        "The same for further losses, for smooth activations, and for training the hidden layer alone.", WIDTH, DRIFT,
        byWidth(only(sweep -> sweep.source() == source && sweep.hiddenLayers() == 1
            && sweep.loss().similarity() == Similarity.COS && !isCore(sweep))));
  }

  private void saturatingLosses(TripletSource source) {
    addIfAny("saturating-dot-product-losses", "Saturating dot-product losses, " + source.name(),
        "At a fixed number of steps these losses, whose gradients vanish, become lazier with the width too: only the"
            + " linear one escapes. They are shown, not judged.", WIDTH, DRIFT,
        byWidth(only(sweep -> sweep.source() == source && sweep.hiddenLayers() == 1
            && sweep.loss().similarity() == Similarity.DOT && sweep.loss().form() != TripletForm.LINEAR)));
  }

  private void hittingTimes(TripletSource source) {
    var series = new ArrayList<Series>();
    for (SweepResult result : only(sweep ->
        sweep.source() == source && sweep.hiddenLayers() == 1 && isDotLinear(sweep))) {
      double[] hits = WidthLaw.of(result, trace -> trace.hit().isPresent() ? trace.hit().getAsInt() : Double.NaN)
          .means(PowerLaw::mean);
      series.add(Series.points(result.sweep().name(), widths(result), hits));
      if (settings.breadth() == DriftSettings.Breadth.FULL) {
        series.add(predicted(result, hits));
      }
    }
    addIfAny("hitting-times-" + source.name(), "Steps until the NTK drift reaches one half, " + source.name(),
        "Means over " + settings.seeds() + " seeds under the linear dot-product loss."
            + (settings.breadth() == DriftSettings.Breadth.FULL ? " Dashed: the rise that the infinite-width kernel"
                + " predicts, through the mean of the points." : ""),
        WIDTH, linear("steps until D = 0.5"), series);
  }

  /** A line with the predicted slope through the centre of the measured points. */
  private Series predicted(SweepResult result, double[] hits) {
    double slope = HittingTimePrediction.slope(result.sweep(), settings, backend);
    double[] logWidths = result.widths().stream().mapToDouble(Math::log).toArray();
    double centre = PowerLaw.mean(hits) - slope * PowerLaw.mean(logWidths);
    double[] line = DoubleStream.of(logWidths).map(x -> centre + slope * x).toArray();
    return Series.dashed(String.format(Locale.ROOT, "predicted: %.2f ln M", slope), widths(result), line);
  }

  private void linearisationError() {
    addIfAny("linearisation-error",
        "Distance from the linearised dynamics after " + DriftSettings.LINEARISATION_STEPS + " steps",
        "Distance between the network's outputs and those of gradient descent with the kernel frozen at its start,"
            + " relative to the distance travelled; geometric means over " + settings.seeds() + " seeds.",
        WIDTH, log("relative distance"),
        only(sweep -> sweep.measurement() == Sweep.Measurement.LINEARISATION).stream()
            .map(result -> byWidth(WidthLaw.of(result, DriftTrace::linearisationError), widths(result)))
            .toList());
  }

  private void threeLayers() {
    addIfAny("three-layers", "NTK drift of three-layer networks after " + settings.steps() + " steps",
        "Widths d, M, M, K." + CEILING_NOTE, WIDTH, DRIFT, byWidth(only(sweep -> sweep.hiddenLayers() == 2)));
  }

  private List<SweepResult> core(TripletSource source) {
    return only(sweep -> sweep.source() == source && isCore(sweep));
  }

  private static boolean isCore(Sweep sweep) {
    return sweep.hiddenLayers() == 1 && sweep.trained() == TrainedLayers.ALL
        && sweep.loss().form() == TripletForm.LINEAR
        && (sweep.activation() == Activation.RELU || sweep.activation() == Activation.ERF);
  }

  private List<Series> byWidth(List<SweepResult> sweeps) {
    return sweeps.stream()
        .map(result -> byWidth(
            WidthLaw.of(result, trace -> Math.min(CEILING, trace.finalDrift())), widths(result)))
        .toList();
  }

  private static Series byWidth(WidthLaw law, double[] widths) {
    Series series = Series.points(law.sweep().name(), widths, law.means(PowerLaw::geometricMean))
        .withErrorBars(
            law.means(row -> DoubleStream.of(row).min().orElse(Double.NaN)),
            law.means(row -> DoubleStream.of(row).max().orElse(Double.NaN)));
    // A run that escapes follows no power law.
    boolean fits = !isDotLinear(law.sweep()) && DoubleStream.of(series.ys()).filter(DRIFT::shows).count() > 1;
    return fits ? series.withFit(Fit.leastSquares(series, WIDTH, DRIFT)) : series;
  }

  /** The geometric mean over the repetitions of one width, at every step that all of them followed. */
  private static Series byStep(SweepResult result, int width) {
    List<DriftTrace> runs = result.traces().get(result.widths().indexOf(width)).stream()
        .flatMap(Optional::stream)
        .toList();
    SortedSet<Integer> steps = new TreeSet<>(runs.isEmpty() ? List.of() : runs.getFirst().drift().keySet());
    runs.forEach(run -> steps.retainAll(run.drift().keySet()));
    steps.remove(0);
    double[] x = steps.stream().mapToDouble(Integer::doubleValue).toArray();
    double[] y = steps.stream()
        .mapToDouble(step -> PowerLaw.geometricMean(
            runs.stream().mapToDouble(run -> Math.min(CEILING, run.driftAt(step))).toArray()))
        .toArray();
    return Series.line(result.sweep().name(), x, y);
  }

  private List<Series> withThreshold(List<Series> series) {
    var all = new ArrayList<>(series);
    all.add(Series.dashed("D = 0.5", new double[] {1, settings.steps()}, new double[] {0.5, 0.5}));
    return all;
  }

  private List<SweepResult> only(Predicate<Sweep> filter) {
    return results.stream().filter(result -> filter.test(result.sweep()) && !result.runs().isEmpty()).toList();
  }

  private static boolean isDotLinear(Sweep sweep) {
    return sweep.loss().similarity() == Similarity.DOT && sweep.loss().form() == TripletForm.LINEAR;
  }

  private static double[] widths(SweepResult result) {
    return result.widths().stream().mapToDouble(Integer::doubleValue).toArray();
  }

  private void add(String name, String title, String caption, Axis x, Axis y, List<Series> series) {
    figures.add(new Figure(name, title, caption, x, y, series));
  }

  private void addIfAny(String name, String title, String caption, Axis x, Axis y, List<Series> series) {
    if (!series.isEmpty()) {
      add(name, title, caption, x, y, series);
    }
  }
}
