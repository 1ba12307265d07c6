package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.ContrastiveFit;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.InfoNceMinimiser;
import io.contraspectra.core.mixture.MixtureSubspaces;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** P1: whatever the dimension of the embedding, minimisers of the population loss lie in the Fisher subspace. */
final class ContainmentStudy implements Study {

  private static final int MOST_COMPONENTS = 4;
  private static final double SPREAD = 1.2;
  private static final double START = 0.1;
  private static final String FITTING = "largest sine, r <= K - 1";
  private static final String SPARE = "largest sine, r > K - 1";

  private final GmmSettings settings;

  ContainmentStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "containment";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    for (int dimension : settings.populations()) {
      for (int components = 2; components <= MOST_COMPONENTS; components++) {
        for (double delta : settings.populationDeltas()) {
          try (GaussianMixture mixture = Models.random(backend, components, dimension, SPREAD, random)) {
            for (int r = Math.max(1, components - 2); r <= components; r++) {
              double sine = sine(mixture, delta * settings.clean(), r, random);
              sheet.largest(r < components ? FITTING : SPARE, sine);
            }
          }
        }
      }
    }
    return sheet;
  }

  /** The largest sine between a direction that the minimiser keeps and the Fisher subspace. */
  private double sine(GaussianMixture mixture, double delta, int r, RandomGenerator random) {
    Backend backend = mixture.backend();
    int d = mixture.dimension();
    try (Matrix start = backend.matrix(r, d, RandomDraws.gaussian(random, r * d))) {
      backend.scale(START, start);
      try (ContrastiveFit fit = InfoNceMinimiser.minimise(mixture, delta, start);
          Matrix columns = Frames.transposed(backend, fit.a());
          Matrix target = target(mixture)) {
        return Frames.sineOutside(backend, columns, target);
      }
    }
  }

  private Matrix target(GaussianMixture mixture) {
    return switch (settings.target()) {
      case FISHER -> MixtureSubspaces.fisher(mixture);
      case MEANS_BY_MISTAKE -> MixtureSubspaces.means(mixture);
    };
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("gmm:P1", "In the population, minimisers of InfoNCE lie in the Fisher subspace, for clean"
        + " and noisy augmentations and embeddings of any dimension.",
        Bound.atMost(FITTING, 1e-6), Bound.atMost(SPARE, 1e-4)));
  }
}
