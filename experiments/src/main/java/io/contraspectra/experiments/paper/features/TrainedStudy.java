package io.contraspectra.experiments.paper.features;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Triplets;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.PowerLaw;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.features.FeatureSettings.HiddenStep;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Features that are trained with the readout, at several widths on the same triplets (ntk.md 3b, 3c).
 *
 * @param name tells it from other studies
 * @param subject triplets and activation
 * @param hiddenLayers 1 for the two-layer networks of the paper, 2 for three layers
 * @param widths M, ascending
 * @param fitted the widths that slopes are fitted to; empty for none
 * @param steps T
 * @param hiddenStep of what is below the readout
 */
record TrainedStudy(String name, Case subject, int hiddenLayers, List<Integer> widths, List<Integer> fitted, int steps,
    HiddenStep hiddenStep) implements Study {

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    Triplets triplets = subject.source().sampler().apply(random);
    for (int width : widths) {
      var hidden = new int[hiddenLayers];
      Arrays.fill(hidden, width);
      try (var run =
          new FeatureRun(backend, triplets, subject.activation(), hidden, hiddenStep.of(width), random)) {
        run.advance(steps);
        FeatureRun.Change change = run.change();
        for (Quantity quantity : Quantity.values()) {
          sheet.put(quantity.at(name, width), quantity.of(change));
        }
        sheet.largest(FeatureClaims.boundName(name), change.davisKahan());
        sheet.largest(FeatureClaims.defectName(name), run.defect());
      }
    }
    if (!fitted.isEmpty()) {
      for (Quantity quantity : Quantity.values()) {
        double[] values = fitted.stream().mapToDouble(width -> sheet.values().get(quantity.at(name, width))).toArray();
        sheet.put(quantity.slope(name), PowerLaw.of(fitted, values).slope());
      }
    }
    return sheet;
  }

  /** The experiment judges several of these together. */
  @Override
  public List<Gate> gates() {
    return List.of();
  }
}
