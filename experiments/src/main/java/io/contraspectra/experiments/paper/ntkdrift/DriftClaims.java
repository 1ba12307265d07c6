package io.contraspectra.experiments.paper.ntkdrift;

import static io.contraspectra.core.network.Activation.ERF;
import static io.contraspectra.core.network.Activation.RELU;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.Similarity;
import io.contraspectra.core.loss.TripletForm;
import io.contraspectra.core.training.TrainedLayers;
import io.contraspectra.experiments.paper.PowerLaw;
import io.contraspectra.experiments.report.Claim;
import io.contraspectra.experiments.report.Measurement;
import io.contraspectra.experiments.report.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The gates G1 to G6 and G12 of ntk.md 3, each judged on the worst of the sweeps it is about. A claim none of whose
 * sweeps was run is left out; one with missing runs is inconclusive.
 */
final class DriftClaims {

  private final DriftSettings settings;
  private final List<SweepResult> results;
  private final Backend backend;
  private final List<Claim> claims = new ArrayList<>();

  private DriftClaims(DriftSettings settings, List<SweepResult> results, Backend backend) {
    this.settings = settings;
    this.results = results;
    this.backend = backend;
  }

  static List<Claim> of(DriftSettings settings, List<SweepResult> results, Backend backend) {
    var judge = new DriftClaims(settings, results, backend);
    judge.slowDrift("ntk:G1", "Under cosine losses the kernel of a wide ReLU network stays almost constant.",
        judge.cosine(1, sweep -> sweep.activation() == RELU), -0.60, 0.015);
    judge.slowDrift("ntk:G2", "The same with smooth activations, and faster with the width.",
        judge.cosine(1, sweep -> sweep.activation() != RELU), -0.85, 0.006);
    judge.escape("ntk:G3", "Under the linear dot-product loss the kernel leaves its neighbourhood at every width,"
        + " after a time that grows like the logarithm of the width.", judge.dotLinear(1), 5);
    judge.hittingTimes();
    judge.sameClock();
    judge.linearisation();
    judge.threeLayers();
    return List.copyOf(judge.claims);
  }

  /** Drift after the last step falls at least as fast as M^slope, and is small at the largest width. */
  private void slowDrift(String id, String statement, List<SweepResult> sweeps, double slope, double widest) {
    if (sweeps.isEmpty()) {
      return;
    }
    List<WidthLaw> laws = laws(sweeps, DriftTrace::finalDrift);
    WidthLaw steepness = worst(laws, law -> law.fit().slope());
    WidthLaw size = worst(laws, law -> PowerLaw.mean(law.widest()));
    double measuredSlope = steepness.fit().slope();
    double measuredSize = PowerLaw.mean(size.widest());
    add(id, statement, sweeps, measuredSlope <= slope && measuredSize <= widest,
        "slope <= " + text(slope) + ", D(" + largest(sweeps) + ") <= " + text(widest) + inAll(sweeps),
        new Measurement("slope (" + steepness.sweep().name() + ")", measuredSlope, steepness.slopesBySeed()),
        new Measurement("D(" + largest(sweeps) + ") (" + size.sweep().name() + ")", measuredSize, list(size.widest())));
  }

  /** Every run's drift reaches one half, and wide networks do not take many times as long as narrow ones. */
  private void escape(String id, String statement, List<SweepResult> sweeps, double ratioLimit) {
    if (sweeps.isEmpty()) {
      return;
    }
    double smallest = smallestMaximum(sweeps);
    WidthLaw slowest = worst(laws(sweeps, DriftClaims::hittingStep), DriftClaims::slowdown);
    add(id, statement, sweeps, smallest >= DriftSettings.HIT && slowdown(slowest) <= ratioLimit,
        "max D >= 0.5 in every run, ratio <= " + text(ratioLimit) + inAll(sweeps),
        Measurement.of("smallest max D", smallest),
        Measurement.of("hits(" + largest(sweeps) + ")/hits(" + sweeps.getFirst().widths().getFirst() + ") ("
            + slowest.sweep().name() + ")", slowdown(slowest)));
  }

  /** G4: hitting times are linear in ln M, with the slope that the infinite-width kernel predicts. */
  private void hittingTimes() {
    List<SweepResult> sweeps = dotLinear(1);
    // Straightness cannot be judged on fewer than four widths.
    if (sweeps.isEmpty() || settings.breadth() == DriftSettings.Breadth.CORE) {
      return;
    }
    double worstFit = Double.POSITIVE_INFINITY;
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (SweepResult sweep : sweeps) {
      PowerLaw line = PowerLaw.onLogWidth(
          sweep.widths(), WidthLaw.of(sweep, DriftClaims::hittingStep).means(PowerLaw::mean));
      double ratio = line.slope() / HittingTimePrediction.slope(sweep.sweep(), settings, backend);
      worstFit = Math.min(worstFit, line.rSquared());
      lowest = Math.min(lowest, ratio);
      highest = Math.max(highest, ratio);
    }
    add("ntk:G4", "Hitting times grow by the slope on ln M that the infinite-width kernel predicts.", sweeps,
        worstFit >= 0.93 && lowest >= 0.8 && highest <= 1.4,
        "R² >= 0.93, measured/predicted in [0.8, 1.4]" + inAll(sweeps),
        Measurement.of("smallest R²", worstFit),
        Measurement.of("smallest measured/predicted", lowest),
        Measurement.of("largest measured/predicted", highest));
  }

  /**
   * G5: after T(M) = ceil(6 ln M) steps the two losses have parted. The clock is made for the synthetic triplets, whose
   * hitting times grow by 3 to 4 steps for each unit of ln M; on digits they grow by 5, and 6 ln M steps come too
   * early.
   */
  private void sameClock() {
    Predicate<Sweep> clocked =
        sweep -> sweep.activation() == RELU && sweep.source().name().equals(TripletSources.SYNTHETIC);
    List<SweepResult> dots = only(dotLinear(1), clocked);
    List<SweepResult> cosines = only(cosine(1, clocked), DriftClaims::isLinear);
    if (dots.isEmpty() || cosines.isEmpty() || settings.breadth() == DriftSettings.Breadth.CORE) {
      return;
    }
    double smallest = dots.stream()
        .flatMapToDouble(sweep -> values(atLogarithmicSteps(sweep)))
        .min().orElse(Double.NaN);
    WidthLaw steepness = worst(cosines.stream().map(this::atLogarithmicSteps).toList(), law -> law.fit().slope());
    List<SweepResult> both = new ArrayList<>(dots);
    both.addAll(cosines);
    add("ntk:G5", "On synthetic triplets, after ceil(6 ln M) steps, the dot-product loss has moved the ReLU kernel by"
        + " more than its own size, the cosine loss less and less with the width.", both,
        smallest >= 1 && steepness.fit().slope() <= -0.55,
        "dot-linear D >= 1 in every run, cosine slope <= -0.55",
        Measurement.of("smallest dot-linear D", smallest),
        new Measurement("slope (" + steepness.sweep().name() + ")", steepness.fit().slope(), steepness.slopesBySeed()));
  }

  /** G6: the network follows its linearisation, the closer the wider. */
  private void linearisation() {
    List<SweepResult> sweeps = only(cosine(1, sweep -> sweep.activation() == ERF), sweep ->
        isLinear(sweep) && sweep.measurement() == Sweep.Measurement.LINEARISATION);
    if (sweeps.isEmpty() || settings.breadth() == DriftSettings.Breadth.CORE) {
      return;
    }
    List<WidthLaw> laws = laws(sweeps, DriftTrace::linearisationError);
    WidthLaw steepness = worst(laws, law -> law.fit().slope());
    WidthLaw size = worst(laws, law -> PowerLaw.median(law.widest()));
    add("ntk:G6", "While the kernel stays constant, an erf network does what its linearisation does.", sweeps,
        steepness.fit().slope() <= -0.8 && PowerLaw.median(size.widest()) <= 0.003,
        "slope <= -0.80, error(" + largest(sweeps) + ") <= 0.003",
        new Measurement("slope (" + steepness.sweep().name() + ")", steepness.fit().slope(), steepness.slopesBySeed()),
        new Measurement("error(" + largest(sweeps) + ") (" + size.sweep().name() + ")",
            PowerLaw.median(size.widest()), list(size.widest())));
  }

  /** G12: the same contrast with three layers. */
  private void threeLayers() {
    List<SweepResult> relu = only(cosine(2, sweep -> sweep.activation() == RELU), DriftClaims::isLinear);
    List<SweepResult> erf = only(cosine(2, sweep -> sweep.activation() == ERF), DriftClaims::isLinear);
    List<SweepResult> dots = dotLinear(2);
    if (relu.isEmpty() || erf.isEmpty() || dots.isEmpty()) {
      return;
    }
    WidthLaw reluLaw = worst(laws(relu, DriftTrace::finalDrift), law -> law.fit().slope());
    WidthLaw erfLaw = worst(laws(erf, DriftTrace::finalDrift), law -> law.fit().slope());
    double smallest = smallestMaximum(dots);
    List<SweepResult> all = new ArrayList<>(relu);
    all.addAll(erf);
    all.addAll(dots);
    add("ntk:G12", "Three-layer networks show the same contrast.", all,
        reluLaw.fit().slope() <= -0.50 && erfLaw.fit().slope() <= -0.75 && smallest >= DriftSettings.HIT,
        "cosine slope <= -0.50 (relu), <= -0.75 (erf); dot-linear max D >= 0.5 in every run",
        new Measurement("slope (" + reluLaw.sweep().name() + ")", reluLaw.fit().slope(), reluLaw.slopesBySeed()),
        new Measurement("slope (" + erfLaw.sweep().name() + ")", erfLaw.fit().slope(), erfLaw.slopesBySeed()),
        Measurement.of("smallest dot-linear max D", smallest));
  }

  private void add(String id, String statement, List<SweepResult> sweeps, boolean holds, String threshold,
      Measurement... measurements) {
    boolean complete = sweeps.stream().allMatch(SweepResult::isComplete);
    claims.add(complete
        ? new Claim(id, statement, List.of(measurements), threshold, Verdict.of(holds))
        : new Claim(id, statement, List.of(), threshold, Verdict.INCONCLUSIVE));
  }

  private List<SweepResult> cosine(int hiddenLayers, Predicate<Sweep> filter) {
    return only(results, filter.and(sweep -> sweep.hiddenLayers() == hiddenLayers
        && sweep.trained() == TrainedLayers.ALL && sweep.loss().similarity() == Similarity.COS));
  }

  private List<SweepResult> dotLinear(int hiddenLayers) {
    return only(results, sweep -> sweep.hiddenLayers() == hiddenLayers && isLinear(sweep)
        && sweep.loss().similarity() == Similarity.DOT);
  }

  private static boolean isLinear(Sweep sweep) {
    return sweep.loss().form() == TripletForm.LINEAR;
  }

  private static List<SweepResult> only(List<SweepResult> results, Predicate<Sweep> filter) {
    return results.stream().filter(result -> filter.test(result.sweep())).toList();
  }

  private static List<WidthLaw> laws(List<SweepResult> sweeps, ToDoubleFunction<DriftTrace> quantity) {
    return sweeps.stream().map(sweep -> WidthLaw.of(sweep, quantity)).toList();
  }

  /** The sweep with the largest badness; NaN, which compares as larger than everything, is the worst of all. */
  private static WidthLaw worst(List<WidthLaw> laws, ToDoubleFunction<WidthLaw> badness) {
    return laws.stream().max(Comparator.comparingDouble(badness)).orElseThrow();
  }

  private WidthLaw atLogarithmicSteps(SweepResult sweep) {
    return WidthLaw.of(sweep, (width, trace) -> trace.driftAt(settings.logarithmicSteps(width)));
  }

  private static DoubleStream values(WidthLaw law) {
    return Stream.of(law.values()).flatMapToDouble(DoubleStream::of);
  }

  private static double smallestMaximum(List<SweepResult> sweeps) {
    return sweeps.stream()
        .flatMap(sweep -> sweep.runs().stream())
        .mapToDouble(DriftTrace::largestDrift)
        .min().orElse(Double.NaN);
  }

  private static double hittingStep(DriftTrace trace) {
    return trace.hit().isPresent() ? trace.hit().getAsInt() : Double.POSITIVE_INFINITY;
  }

  private static double slowdown(WidthLaw hits) {
    double[] means = hits.means(PowerLaw::mean);
    return means[means.length - 1] / means[0];
  }

  private static int largest(List<SweepResult> sweeps) {
    return sweeps.getFirst().widths().getLast();
  }

  private static String inAll(List<SweepResult> sweeps) {
    return sweeps.size() == 1 ? "" : ", in all of " + sweeps.size() + " sweeps";
  }

  private static List<Double> list(double[] values) {
    return DoubleStream.of(values).boxed().toList();
  }

  private static String text(double threshold) {
    return String.format(Locale.ROOT, threshold == Math.rint(threshold) ? "%.0f" : "%.3g", threshold);
  }
}
