package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.gmm.Trial.Measure;
import java.util.List;
import java.util.random.RandomGenerator;

/** T2: more dimensions of noise cost angle as they cost discriminants, and no clusters. */
final class DimensionStudy implements Study {

  static final double NOISE = 25;
  private static final int PAIRS = 1000;
  private static final String SINE = "largest InfoNCE wsin, all dimensions";
  private static final String CLUSTERS = "least InfoNCE ARI, all dimensions";
  private static final String PCA_CLUSTERS = "largest PCA ARI, all dimensions";

  private final GmmSettings settings;

  DimensionStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "dimension";
  }

  static String where(int dimension) {
    return "d = " + dimension;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    for (int dimension : settings.ambient()) {
      String where = where(dimension);
      try (GaussianMixture mixture = NoiseStudy.triangle(backend, dimension, NOISE, random);
          var trial = new Trial(mixture, PAIRS, settings.clean(), random)) {
        for (Method method : List.of(Method.INFO_NCE, Method.LDA, Method.PCA)) {
          trial.measure(method, where, sheet);
        }
      }
      sheet.largest(SINE, sheet.values().get(Trial.name(Method.INFO_NCE, Measure.WHITE_SINE, where)));
      sheet.smallest(CLUSTERS, sheet.values().get(Trial.name(Method.INFO_NCE, Measure.CLUSTERS, where)));
      sheet.largest(PCA_CLUSTERS, sheet.values().get(Trial.name(Method.PCA, Measure.CLUSTERS, where)));
    }
    return sheet;
  }

  List<Integer> ambient() {
    return settings.ambient();
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("gmm:T2", "More dimensions of noise move the learned subspace a little, as they move"
        + " discriminants, and cost no clusters (bounds of ours; the page gives a table).",
        Bound.atMost(SINE, 0.35).ofMean(), Bound.atLeast(CLUSTERS, 0.85).ofMean(),
        Bound.atMost(PCA_CLUSTERS, 0.05).ofMean()));
  }
}
