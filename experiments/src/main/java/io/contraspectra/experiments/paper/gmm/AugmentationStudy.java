package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.gmm.Trial.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** T3: augmentations that often leave the component still teach, with an error that grows like 1/δ. */
final class AugmentationStudy implements Study {

  private static final int PAIRS = 2000;
  private static final int DIMENSION = 10;
  private static final double CLEAN_ENOUGH = 0.4;
  private static final double HOPELESS = 0.05;
  private static final String SINE = "largest InfoNCE wsin, delta >= 0.4";
  private static final String CLUSTERS = "least InfoNCE ARI, delta >= 0.4";
  private static final String LOST = "InfoNCE wsin, delta = 0.05";

  private final GmmSettings settings;

  AugmentationStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "augmentation";
  }

  static String where(double delta) {
    return "augmentation delta " + delta;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (GaussianMixture mixture = NoiseStudy.triangle(backend, DIMENSION, DimensionStudy.NOISE, random)) {
      // The same draws for every delta: from one to the next, some more pairs fall apart, and nothing else changes.
      var draws = RandomStreams.of(random.nextLong());
      double before = Double.NaN;
      for (double delta : settings.deltas()) {
        measure(mixture, delta, draws.named("draws"), sheet);
        double sine = sheet.values().get(Trial.name(Method.INFO_NCE, Measure.WHITE_SINE, where(delta)));
        summarise(delta, sine, sheet);
        if (!Double.isNaN(before)) {
          sheet.put(riseName(delta), sine - before);
        }
        before = sine;
      }
    }
    return sheet;
  }

  private void measure(GaussianMixture mixture, double delta, RandomGenerator random, Measured.Sheet sheet) {
    try (var trial = new Trial(mixture, PAIRS, delta * settings.clean(), random)) {
      for (Method method : List.of(Method.INFO_NCE, Method.PAIR_CCA, Method.LDA)) {
        trial.measure(method, where(delta), sheet);
      }
    }
  }

  private static void summarise(double delta, double sine, Measured.Sheet sheet) {
    if (delta >= CLEAN_ENOUGH) {
      sheet.largest(SINE, sine);
      sheet.smallest(CLUSTERS, sheet.values().get(Trial.name(Method.INFO_NCE, Measure.CLUSTERS, where(delta))));
    }
    if (delta == HOPELESS) {
      sheet.put(LOST, sine);
    }
  }

  private static String riseName(double delta) {
    return "rise of InfoNCE wsin to delta " + delta;
  }

  List<Double> deltas() {
    return settings.deltas();
  }

  @Override
  public List<Gate> gates() {
    var bounds = new ArrayList<Bound>();
    bounds.add(Bound.atMost(SINE, 0.50).ofMean());
    bounds.add(Bound.atLeast(CLUSTERS, 0.84).ofMean());
    bounds.add(Bound.atLeast(LOST, 0.9).ofMean());
    settings.deltas().stream().skip(1).forEach(delta -> bounds.add(Bound.atLeast(riseName(delta), 0).ofMean()));
    return List.of(new Gate("gmm:T3", "Augmentations that keep the component with probability delta still show the"
        + " Fisher subspace, the less exactly the smaller delta is.", bounds,
        "delta >= 0.4: wsin <= 0.5, ARI >= 0.84; delta = 0.05: wsin >= 0.9; no rise < 0"));
  }
}
