package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.MixtureSubspaces;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.gmm.Trial.Measure;
import java.util.List;
import java.util.random.RandomGenerator;

/** T5: with a generic covariance neither principal components nor the span of the means are the Fisher subspace. */
final class GenericStudy implements Study {

  static final String MEANS = "span of the means";
  private static final int COMPONENTS = 4;
  private static final double SIDE = 3;
  private static final int DIMENSION = 12;
  private static final int PAIRS = 2000;

  private final GmmSettings settings;

  GenericStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "generic covariance";
  }

  static String where(int pairs) {
    return "generic covariance, n = " + pairs;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (GaussianMixture mixture = Models.simplex(backend, COMPONENTS, SIDE, DIMENSION, random);
        Matrix means = MixtureSubspaces.means(mixture)) {
      for (int pairs : settings.genericPairs()) {
        try (var trial = new Trial(mixture, pairs, settings.clean(), random)) {
          for (Method method : List.of(Method.INFO_NCE, Method.LDA, Method.PCA)) {
            trial.measure(method, where(pairs), sheet);
          }
          trial.record(MEANS, means, where(pairs), sheet);
        }
      }
    }
    return sheet;
  }

  List<Integer> pairs() {
    return settings.genericPairs();
  }

  @Override
  public List<Gate> gates() {
    String where = where(PAIRS);
    return List.of(Gate.of("gmm:T5", "Under a generic covariance contrastive learning finds the Fisher subspace;"
        + " principal components miss it, and so does the span of the means (bounds of ours; the page gives a table).",
        Bound.atMost(Trial.name(Method.INFO_NCE, Measure.WHITE_SINE, where), 0.20).ofMean(),
        Bound.atLeast(Trial.name(Method.INFO_NCE, Measure.CLUSTERS, where), 0.84).ofMean(),
        Bound.atLeast(Trial.name(Method.PCA, Measure.WHITE_SINE, where), 0.80).ofMean(),
        Bound.atLeast(Trial.name(MEANS, Measure.WHITE_SINE, where), 0.50).ofMean()));
  }
}
