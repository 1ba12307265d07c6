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

/** T4: the angle to the Fisher subspace falls like the root of the number of pairs. */
final class SampleStudy implements Study {

  private static final int DIMENSION = 10;
  private static final int FEW = 300;
  private static final int MANY = 3000;
  private static final String RATIO = "InfoNCE wsin of 3000 pairs / of 300";

  private final GmmSettings settings;

  SampleStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "samples";
  }

  static String where(int pairs) {
    return "n = " + pairs;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    for (int pairs : settings.pairs()) {
      try (GaussianMixture mixture = NoiseStudy.triangle(backend, DIMENSION, DimensionStudy.NOISE, random);
          var trial = new Trial(mixture, pairs, settings.clean(), random)) {
        for (Method method : List.of(Method.INFO_NCE, Method.PAIR_CCA, Method.LDA)) {
          trial.measure(method, where(pairs), sheet);
        }
      }
    }
    sheet.put(RATIO, sine(sheet, MANY) / sine(sheet, FEW));
    return sheet;
  }

  private static double sine(Measured.Sheet sheet, int pairs) {
    return sheet.values().getOrDefault(Trial.name(Method.INFO_NCE, Measure.WHITE_SINE, where(pairs)), Double.NaN);
  }

  List<Integer> pairs() {
    return settings.pairs();
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("gmm:T4", "More pairs bring the learned subspace nearer, like one over the root of their"
        + " number.", Bound.between(RATIO, 0.15, 0.5).ofMean()));
  }
}
