package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.ClipMixture;
import io.contraspectra.core.mixture.ContrastiveFit;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.MixtureSubspaces;
import io.contraspectra.core.mixture.PopulationClip;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** P7: in the population, CLIP learns a part of each modality's Fisher subspace, at most as large as the smaller. */
final class ModalityStudy implements Study {

  private static final int IMAGE_DIMENSION = 7;
  private static final int TEXT_DIMENSION = 6;
  private static final double SPREAD = 1.2;
  private static final double NOISY = 0.5;
  private static final String IMAGES = "largest sine to the images' Fisher subspace";
  private static final String TEXTS = "largest sine to the texts' Fisher subspace";
  private static final String EXCESS = "largest rank beyond the smaller Fisher dimension";

  @Override
  public String name() {
    return "modalities";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    for (double delta : List.of(1.0, NOISY)) {
      measure(backend, law(3, 3, delta), 3, random, sheet);
      measure(backend, law(4, 3, delta), 3, random, sheet);
      measure(backend, law(4, 2, delta), 2, random, sheet);
    }
    return sheet;
  }

  /** Image component k comes with text component k mod K_T with probability δ, else with any. */
  private static double[] law(int images, int texts, double delta) {
    var law = new double[images * texts];
    for (int k = 0; k < images; k++) {
      for (int l = 0; l < texts; l++) {
        law[k * texts + l] = ((k % texts == l ? delta : 0) + (1 - delta) / texts) / images;
      }
    }
    return law;
  }

  private static void measure(
      Backend backend, double[] law, int texts, RandomGenerator random, Measured.Sheet sheet) {
    int images = law.length / texts;
    try (Matrix joint = backend.matrix(images, texts, law);
        GaussianMixture first = Models.random(backend, images, IMAGE_DIMENSION, SPREAD, random);
        GaussianMixture second = Models.random(backend, texts, TEXT_DIMENSION, SPREAD, random);
        var mixture = new ClipMixture(backend, joint, first.centredMeans(), first.covariance(0),
            second.centredMeans(), second.covariance(0));
        ContrastiveFit fit = PopulationClip.minimise(mixture);
        Matrix transposed = Frames.transposed(backend, fit.a());
        Matrix imageFisher = MixtureSubspaces.fisher(mixture.images());
        Matrix textFisher = MixtureSubspaces.fisher(mixture.texts())) {
      sheet.largest(IMAGES, Frames.sineOutside(backend, fit.a(), imageFisher));
      sheet.largest(TEXTS, Frames.sineOutside(backend, transposed, textFisher));
      sheet.largest(EXCESS,
          Frames.rank(Frames.singularValues(backend, fit.a())) - Math.min(imageFisher.cols(), textFisher.cols()));
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("gmm:P7", "In the population, CLIP learns in each modality a part of its Fisher subspace,"
        + " of no more dimensions than the smaller of the two.",
        Bound.atMost(IMAGES, 1e-6), Bound.atMost(TEXTS, 1e-6), Bound.atMost(EXCESS, 0)));
  }
}
