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

/** T1: loud axes without information mislead principal components, not contrastive learning. */
final class NoiseStudy implements Study {

  static final String FISHER = "true Fisher";
  private static final int PAIRS = 1000;
  private static final int DIMENSION = 10;
  private static final int COMPONENTS = 3;
  private static final double RADIUS = 2.5;
  private static final double LOUD = 8;
  private static final double FAINT = 1;
  private static final String SINE = "largest InfoNCE sin, noise >= 8";
  private static final String NEIGHBOURS = "least InfoNCE kNN, noise >= 8";
  private static final String CLUSTERS = "least InfoNCE ARI, noise >= 8";
  private static final String DIFFERENCE = "largest |InfoNCE ARI - LDA ARI|, noise >= 8";
  private static final String PCA_SINE = "least PCA sin, noise >= 8";
  private static final String PCA_CLUSTERS = "largest PCA ARI, noise >= 8";
  private static final String FAINT_SINE = "largest PCA sin, noise <= 1";
  private static final String FAINT_CLUSTERS = "least PCA ARI, noise <= 1";

  private final GmmSettings settings;

  NoiseStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "noise";
  }

  static String where(double noise) {
    return "noise " + noise;
  }

  /** Three pancakes around a triangle. */
  static GaussianMixture triangle(Backend backend, int dimension, double noise, RandomGenerator random) {
    return Models.pancakes(backend, Models.polygon(COMPONENTS, RADIUS), dimension, noise, random);
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    for (double noise : settings.noiseVariances()) {
      try (GaussianMixture mixture = triangle(backend, DIMENSION, noise, random);
          var trial = new Trial(mixture, PAIRS, settings.clean(), random)) {
        for (Method method : List.of(Method.INFO_NCE, Method.LDA, Method.PCA)) {
          trial.measure(method, where(noise), sheet);
        }
        trial.record(FISHER, trial.fisher(), where(noise), sheet);
        summarise(noise, sheet);
      }
    }
    return sheet;
  }

  private static void summarise(double noise, Measured.Sheet sheet) {
    double clusters = value(sheet, Method.INFO_NCE, Measure.CLUSTERS, noise);
    if (noise >= LOUD) {
      sheet.largest(SINE, value(sheet, Method.INFO_NCE, Measure.SINE, noise));
      sheet.smallest(NEIGHBOURS, value(sheet, Method.INFO_NCE, Measure.NEIGHBOURS, noise));
      sheet.smallest(CLUSTERS, clusters);
      sheet.largest(DIFFERENCE, Math.abs(clusters - value(sheet, Method.LDA, Measure.CLUSTERS, noise)));
      sheet.smallest(PCA_SINE, value(sheet, Method.PCA, Measure.SINE, noise));
      sheet.largest(PCA_CLUSTERS, value(sheet, Method.PCA, Measure.CLUSTERS, noise));
    }
    if (noise <= FAINT) {
      sheet.largest(FAINT_SINE, value(sheet, Method.PCA, Measure.SINE, noise));
      sheet.smallest(FAINT_CLUSTERS, value(sheet, Method.PCA, Measure.CLUSTERS, noise));
    }
  }

  private static double value(Measured.Sheet sheet, Method method, Measure measure, double noise) {
    return sheet.values().get(Trial.name(method, measure, where(noise)));
  }

  List<Double> noiseVariances() {
    return settings.noiseVariances();
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("gmm:T1", "Where noise is louder than the distance of the means, contrastive learning finds"
        + " the clusters as well as discriminants that know the labels, and principal components find none; where it is"
        + " not, both find them.",
        Bound.atMost(SINE, 0.10).ofMean(), Bound.atLeast(NEIGHBOURS, 0.95).ofMean(),
        Bound.atLeast(CLUSTERS, 0.87).ofMean(), Bound.atMost(DIFFERENCE, 0.03).ofMean(),
        Bound.atLeast(PCA_SINE, 0.99).ofMean(), Bound.atMost(PCA_CLUSTERS, 0.03).ofMean(),
        Bound.atMost(FAINT_SINE, 0.08).ofMean(), Bound.atLeast(FAINT_CLUSTERS, 0.88).ofMean()));
  }
}
