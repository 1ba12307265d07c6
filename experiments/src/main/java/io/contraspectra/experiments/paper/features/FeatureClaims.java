package io.contraspectra.experiments.paper.features;

import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.report.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The gates G7 to G11 and G13 of ntk.md 3b and 3c. Where a gate is about several studies, each seed counts with the worst
 * of them. A claim none of whose studies was run is left out.
 */
final class FeatureClaims {

  private static final int WIDEST = FeatureSettings.FITTED.getLast();

  private final List<FrozenStudy> frozen;
  private final List<TrainedStudy> wide;
  private final List<TrainedStudy> controls;
  private final List<TrainedStudy> deep;
  private final List<Study> all = new ArrayList<>();
  private final Measured measured;
  private final int seeds;
  private final List<Claim> claims = new ArrayList<>();

  private FeatureClaims(FeatureStudies studies, Measured measured, int seeds) {
    // The convergence of the readout is slow on data whose eigenvalues are close: G7 is about clusters.
    this.frozen = studies.frozen().stream().filter(study -> study.subject().source() == Source.CLUSTERS).toList();
    this.wide = studies.wide();
    this.controls = studies.controls();
    this.deep = studies.deep();
    this.all.addAll(studies.all());
    this.measured = measured;
    this.seeds = seeds;
  }

  static List<Claim> of(FeatureStudies studies, Measured measured, int seeds) {
    var judge = new FeatureClaims(studies, measured, seeds);
    judge.frozenFeatures();
    judge.orthonormality();
    judge.trainedFeatures();
    judge.davisKahan();
    judge.negativeControl();
    judge.threeLayers();
    return judge.claims;
  }

  static String defectName(String study) {
    return "largest |WᵀW - I|, " + study;
  }

  static String boundName(String study) {
    return "largest Davis-Kahan ratio, " + study;
  }

  private void frozenFeatures() {
    if (frozen.isEmpty()) {
      return;
    }
    String distance = worst("pd(W,U_0) after 200 steps", frozen, FrozenStudy::endName, value -> value);
    String excess = worst("|objective + sum of the top eigenvalues|", frozen, FrozenStudy::excessName, value -> value);
    judge(Gate.of("ntk:G7", "While the features are frozen, an orthonormal readout finds their principal components and"
        + " the optimum of the loss.", Bound.atMost(distance, 1e-10), Bound.atMost(excess, 1e-12)));
  }

  private void orthonormality() {
    String defect = worst("largest |WᵀW - I| at any step", all, study -> defectName(study.name()), value -> value);
    judge(Gate.of("ntk:G8", "The readout stays orthonormal at every step.", Bound.atMost(defect, 1e-12)));
  }

  private void trainedFeatures() {
    var bounds = new ArrayList<Bound>();
    for (Quantity quantity : List.of(Quantity.MATRIX, Quantity.COMPONENTS, Quantity.PROCRUSTES)) {
      bounds.add(Bound.between(worstSlope(quantity, wide, -1.05), -1.25, -0.85));
    }
    bounds.add(Bound.atMost(at(Quantity.COMPONENTS, wide, WIDEST), 0.03));
    bounds.add(Bound.atMost(at(Quantity.MISALIGNMENT, wide, WIDEST), 2e-4));
    judge(new Gate("ntk:G9", "Trained features move the less the wider the network is, so that the learned representation"
        + " stays near the principal components of the random features.", bounds,
        "slopes in [-1.25, -0.85]; pd at " + WIDEST + " <= 0.03; 1-CKA <= 2e-4"
            + (wide.size() > 1 ? ", in all of " + wide.size() + " cases" : "")));
  }

  private void davisKahan() {
    List<TrainedStudy> trained = all.stream()
        .filter(TrainedStudy.class::isInstance).map(TrainedStudy.class::cast).toList();
    String ratio = worst("left side over right side", trained, study -> boundName(study.name()), value -> value);
    judge(Gate.of("ntk:G10", "How far the components turn is bounded by how far the feature matrix moves over its"
        + " eigengap (Davis and Kahan), in every run.", Bound.atMost(ratio, 1)));
  }

  private void negativeControl() {
    if (controls.isEmpty()) {
      return;
    }
    String least = worst("smallest pd(U_t,U_0)", controls.stream()
        .flatMap(study -> study.widths().stream().map(width -> Quantity.COMPONENTS.at(study.name(), width))).toList(),
        value -> -value);
    judge(Gate.of("ntk:G11", "Negative control: with a step size in proportion to the width the features are learned at"
        + " every width.", Bound.atLeast(least, 0.15)));
  }

  private void threeLayers() {
    if (deep.isEmpty()) {
      return;
    }
    // The mean of the seeds' slopes is the slope of the geometric means over seeds.
    judge(Gate.of("ntk:G13", "The same holds with three layers.", deep.stream()
        .map(study -> Bound.between(Quantity.COMPONENTS.slope(study.name()), -1.2, -0.75).ofMean())
        .toArray(Bound[]::new)));
  }

  private void judge(Gate gate) {
    claims.add(gate.judge(measured));
  }

  /** The slopes that are farthest from the middle of what is allowed. */
  private String worstSlope(Quantity quantity, List<TrainedStudy> studies, double middle) {
    return worst(quantity.slope("worst case"), studies, study -> quantity.slope(study.name()),
        value -> Math.abs(value - middle));
  }

  private String at(Quantity quantity, List<TrainedStudy> studies, int width) {
    return worst(quantity.at("worst case", width), studies, study -> quantity.at(study.name(), width), value -> value);
  }

  private <S extends Study> String worst(
      String name, List<S> studies, Function<S, String> quantity, ToDoubleFunction<Double> badness) {
    return worst(name, studies.stream().map(quantity).toList(), badness);
  }

  /** Adds what the worst of several quantities is, seed by seed, once all seeds have all of them. */
  private String worst(String name, List<String> quantities, ToDoubleFunction<Double> badness) {
    if (quantities.stream().allMatch(measured::has)) {
      for (int seed = 0; seed < seeds; seed++) {
        var sheet = new Measured.Sheet();
        double worst = Double.NaN;
        for (String quantity : quantities) {
          double value = measured.of(quantity).get(seed);
          // NaN compares as larger than everything: it is the worst, but for the value to begin with.
          if (Double.isNaN(worst)
              || Double.compare(badness.applyAsDouble(value), badness.applyAsDouble(worst)) > 0) {
            worst = value;
          }
        }
        sheet.put(name, worst);
        measured.add(seed, sheet);
      }
    }
    return name;
  }
}
