package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.experiments.paper.spectral.Encoder.Method.BARLOW_TWINS;
import static io.contraspectra.experiments.paper.spectral.Encoder.Method.SIMCLR;
import static io.contraspectra.experiments.paper.spectral.Encoder.Method.VICREG_001;
import static io.contraspectra.experiments.paper.spectral.Encoder.Method.VICREG_05;
import static io.contraspectra.experiments.paper.spectral.Encoder.Method.VICREG_09;
import static io.contraspectra.experiments.paper.spectral.Encoder.Method.VICREG_099;
import static io.contraspectra.experiments.paper.spectral.Encoder.Method.VICREG_105;

import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.spectral.AlignmentStudy.Other;
import io.contraspectra.experiments.paper.spectral.Encoder.Method;
import io.contraspectra.experiments.paper.spectral.Probe.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The claims on aligned and misaligned relations, in terms of differences of errors whose means over seeds are judged
 * (spectral.md 9), and the companion fact that explains them (spectral.md 7).
 *
 * @param data the data, first word of all quantities
 * @param firstClaim number of the first of the six claims
 * @param mostError what the error with all labels and an aligned relation may be at most, where that is known
 * @param lostWithAll how much is lost at least by following a wrong relation, all labels
 * @param lostWithFew the same with five labels a class
 */
record AlignmentGates(String data, int firstClaim, OptionalDouble mostError, double lostWithAll, double lostWithFew) {

  /** Methods that a misaligned relation misleads. */
  private static final List<Method> MISLED = List.of(SIMCLR, BARLOW_TWINS, VICREG_105);
  private static final List<Method> RISING = List.of(VICREG_001, VICREG_05, VICREG_09, VICREG_099);
  /** All but VICReg with a gamma so large that even classes collapse. */
  private static final List<Method> ALIKE =
      List.of(VICREG_001, VICREG_05, VICREG_09, VICREG_099, VICREG_105, SIMCLR, BARLOW_TWINS);
  private static final double[] PARTLY_RANDOM = {0.25, 0.5, 0.75};
  private static final double WITHIN = 0.02;
  private static final double EXACT = 1e-8;

  /** Adds the differences that the claims are about to a sheet with all errors. */
  void differences(Measured.Sheet sheet) {
    double[] errors = ALIKE.stream().mapToDouble(method -> aligned(sheet, method, Labels.ALL)).toArray();
    double worst = Arrays.stream(errors).max().orElseThrow();
    sheet.put(worstName(), worst);
    sheet.put(spreadName(), worst - Arrays.stream(errors).min().orElseThrow());
    for (int i = 1; i < RISING.size(); i++) {
      sheet.put(fallName(i), aligned(sheet, RISING.get(i - 1), Labels.FEW)
          - aligned(sheet, RISING.get(i), Labels.FEW));
    }
    sheet.put(gainName(), aligned(sheet, VICREG_001, Labels.FEW) - aligned(sheet, VICREG_099, Labels.FEW));
    sheet.put(sameName(), aligned(sheet, VICREG_105, Labels.FEW) - aligned(sheet, SIMCLR, Labels.FEW));
    for (Other other : Other.values()) {
      for (Method method : MISLED) {
        sheet.put(lossName(other, method, Labels.ALL), error(sheet, other, 1, method, Labels.ALL)
            - error(sheet, other, 1, VICREG_001, Labels.ALL));
      }
      sheet.put(lossName(other, SIMCLR, Labels.FEW), error(sheet, other, 1, SIMCLR, Labels.FEW)
          - error(sheet, other, 1, VICREG_001, Labels.FEW));
      sheet.put(rawName(other), error(sheet, other, 1, VICREG_001, Labels.ALL)
          - sheet.values().get(AlignmentStudy.rawName(data, Labels.ALL)));
    }
    for (double m : PARTLY_RANDOM) {
      sheet.put(partName(m), error(sheet, Other.RANDOM, m, SIMCLR, Labels.ALL) - aligned(sheet, SIMCLR, Labels.ALL));
    }
  }

  List<Gate> all() {
    var many = new ArrayList<Bound>();
    var few = new ArrayList<Bound>();
    var lost = new ArrayList<Bound>();
    var lostFew = new ArrayList<Bound>();
    many.add(Bound.atMost(spreadName(), WITHIN).ofMean());
    few.add(Bound.atLeast(gainName(), 0.15).ofMean());
    for (int i = 1; i < RISING.size(); i++) {
      few.add(Bound.atLeast(fallName(i), 0).ofMean());
    }
    few.add(Bound.between(sameName(), -WITHIN, WITHIN).ofMean());
    for (Other other : Other.values()) {
      MISLED.forEach(method -> lost.add(Bound.atLeast(lossName(other, method, Labels.ALL), lostWithAll).ofMean()));
      lost.add(Bound.between(rawName(other), -0.01, 0.01).ofMean());
      lostFew.add(Bound.atLeast(lossName(other, SIMCLR, Labels.FEW), lostWithFew).ofMean());
    }
    mostError.ifPresent(most -> many.add(Bound.atMost(worstName(), most).ofMean()));
    var part = new ArrayList<Bound>();
    var span = new ArrayList<Bound>();
    for (double m : PARTLY_RANDOM) {
      part.add(Bound.between(partName(m), -0.01, 0.01).ofMean());
    }
    for (Other other : Other.values()) {
      span.add(Bound.between(AlignmentStudy.excessName(data, other, 0.9), -EXACT, EXACT));
    }
    return List.of(
        gate(0, "If the relation is that of the labels and all labels are known, every method does what the supervised"
            + " linear model does.", many, "spread over methods <= 0.02" + (mostError.isPresent()
            ? ", largest error <= " + mostError.getAsDouble() : "")),
        gate(1, "With five labels a class VICReg's weight of invariance should be high: the error falls with it, to"
            + " that of SimCLR.", few, "0.01 - 0.99 >= 0.15; no rise on the way; 1.05 - SimCLR within 0.02"),
        gate(2, "If the relation has nothing to do with the labels, SimCLR, Barlow Twins and VICReg with a large weight"
            + " of invariance lose what a probe needs, even with all labels; VICReg with a small one keeps what the"
            + " inputs have.", lost, "losses >= " + lostWithAll + "; to raw inputs within 0.01"),
        gate(3, "The same with five labels a class.", lostFew, ">= " + lostWithFew),
        gate(4, "A relation that is random for up to three quarters misleads SimCLR no more than a right one, given all"
            + " labels.", part, "within 0.01"),
        gate(5, "The reason: while any part of the relation is right, the span of SimCLR's outputs holds what least"
            + " squares makes of the inputs.", span, "excess of the training residual <= 1e-8"));
  }

  private Gate gate(int number, String statement, List<Bound> bounds, String threshold) {
    return new Gate("spectral:S" + (firstClaim + number), Character.toUpperCase(data.charAt(0)) + data.substring(1)
        + ": " + statement, bounds, threshold);
  }

  private double error(Measured.Sheet sheet, Other other, double m, Method method, Labels labels) {
    return sheet.values().get(AlignmentStudy.errorName(data, other, m, method, labels));
  }

  /** The error where all of the relation is that of the labels. */
  private double aligned(Measured.Sheet sheet, Method method, Labels labels) {
    return error(sheet, Other.RANDOM, 0, method, labels);
  }

  private String worstName() {
    return data + ": largest error of a method";
  }

  private String spreadName() {
    return data + ": spread over methods";
  }

  private String fallName(int index) {
    return difference(RISING.get(index - 1), RISING.get(index).label());
  }

  private String gainName() {
    return difference(VICREG_001, VICREG_099.label());
  }

  private String sameName() {
    return difference(VICREG_105, SIMCLR.label());
  }

  private String lossName(Other other, Method method, Labels labels) {
    return difference(method, VICREG_001.label()) + ", " + other.label() + (labels == Labels.FEW ? ", few labels" : "");
  }

  private String rawName(Other other) {
    return difference(VICREG_001, "raw inputs") + ", " + other.label();
  }

  private String partName(double m) {
    return data + ": SimCLR, m = " + m + " - m = 0";
  }

  private String difference(Method method, String less) {
    return data + ": " + method.label() + " - " + less;
  }
}
