package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.mixture.ContrastiveFit;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.InfoNceMinimiser;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * P2 and P5: minimisers that are known in numbers (gmm.md 3), in random rotations; and one that is smaller than the
 * Fisher subspace.
 */
final class TableStudy implements Study {

  private static final int SPARE = 2;
  private static final double[] DISTANCES = {.5, 1, 2, 4};
  private static final double[] DELTAS = {1, .5, .1};
  private static final double[][] TWO_COMPONENTS = {{.16024657, .08003106, .01600025},
      {.26259264, .12661402, .02501302}, {.20806269, .08498140, .01603766}, {.09352542, .03021872, .00555421}};
  private static final double[] RADII = {1, 2.5};
  private static final double[] TRIANGLE_DELTAS = {1, .5, .2, .05};
  private static final double[][] TRIANGLE =
      {{.2235130, .1110995, .0444106, .0111080}, {.2079879, .0905808, .0359318, .0091137}};
  private static final double[][] TRIANGLE_LOSSES =
      {{-.111318884, -.027761933, -.004441836, -.000277725}, {-.592840601, -.140548280, -.022581810, -.001427440}};
  private static final double[] RARE_WEIGHTS = {.00252591, .86445571, .13301839};
  private static final double[][] RARE_MEANS = {{13.1528, -9.8743}, {.6766, -.1686}, {-4.6466, 1.2835}};
  private static final double RARE_DELTA = .7;
  private static final String MAPS = "largest error of p";
  private static final String LOSSES = "largest error of the loss";
  private static final String FIRST = "error of the first eigenvalue";
  private static final String SECOND = "second eigenvalue";
  private static final double RARE_VALUE = .0799023;

  private final GmmSettings settings;

  TableStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "tables";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    for (int i = 0; i < DISTANCES.length; i++) {
      double[][] centres = Models.opposite(DISTANCES[i]);
      try (GaussianMixture mixture = Models.turned(backend, Models.equalWeights(2), centres, 1 + SPARE, random)) {
        for (int j = 0; j < DELTAS.length; j++) {
          compare(mixture, DELTAS[j], 1, TWO_COMPONENTS[i][j], Double.NaN, sheet);
        }
      }
    }
    for (int i = 0; i < RADII.length; i++) {
      double[][] centres = Models.polygon(3, RADII[i]);
      try (GaussianMixture mixture = Models.turned(backend, Models.equalWeights(3), centres, 2 + SPARE, random)) {
        for (int j = 0; j < TRIANGLE_DELTAS.length; j++) {
          compare(mixture, TRIANGLE_DELTAS[j], 2, TRIANGLE[i][j], TRIANGLE_LOSSES[i][j], sheet);
        }
      }
    }
    counterExample(backend, random, sheet);
    return sheet;
  }

  /** {@code M* = p I} on the span of the means. */
  private void compare(GaussianMixture mixture, double delta, int r, double p, double loss, Measured.Sheet sheet) {
    try (ContrastiveFit fit = InfoNceMinimiser.minimise(mixture, delta * settings.clean(), r)) {
      for (double value : Frames.singularValues(mixture.backend(), fit.a())) {
        sheet.largest(MAPS, Math.abs(value * value - p));
      }
      if (!Double.isNaN(loss)) {
        sheet.largest(LOSSES, Math.abs(fit.result().value() - loss));
      }
    }
  }

  private void counterExample(Backend backend, RandomGenerator random, Measured.Sheet sheet) {
    try (GaussianMixture mixture = Models.turned(backend, RARE_WEIGHTS, RARE_MEANS, 2 + SPARE, random);
        ContrastiveFit fit = InfoNceMinimiser.minimise(mixture, RARE_DELTA * settings.clean(), 2)) {
      double[] values = Frames.singularValues(backend, fit.a());
      sheet.put(FIRST, Math.abs(values[0] * values[0] - RARE_VALUE));
      sheet.put(SECOND, values[1] * values[1]);
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(
        Gate.of("gmm:P2", "Minimisers for two components and for a triangle are those of the tables.",
            Bound.atMost(MAPS, 1e-7), Bound.atMost(LOSSES, 1e-7)),
        Gate.of("gmm:P5", "A rare component can be left out: here the minimiser has rank 1 although the Fisher subspace"
            + " is a plane, so that containment is all that holds in general.",
            Bound.atMost(FIRST, 1e-7), Bound.atMost(SECOND, 1e-6)));
  }
}
