package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.ContrastiveFit;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.InfoNceMinimiser;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** P4: for noisy augmentations the minimiser is the one of the quadratic contrastive loss. */
final class SmallDeltaStudy implements Study {

  private static final List<Double> DELTAS = List.of(.2, .1, .05, .025);
  private static final double JUDGED = .05;
  private static final int COMPONENTS = 3;
  private static final int DIMENSION = 5;
  private static final double SPREAD = 1.2;

  private final GmmSettings settings;

  SmallDeltaStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "small delta";
  }

  static String errorName(double delta) {
    return "relative error of the linearised minimiser, delta " + delta;
  }

  static List<Double> deltas() {
    return DELTAS;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (GaussianMixture mixture = Models.random(backend, COMPONENTS, DIMENSION, SPREAD, random)) {
      for (double delta : DELTAS) {
        try (ContrastiveFit fit = InfoNceMinimiser.minimise(mixture, delta * settings.clean(), COMPONENTS - 1);
            Matrix m = Frames.product(backend, Transpose.YES, Transpose.NO, fit.a(), fit.a());
            Matrix linear = InfoNceMinimiser.linearised(mixture, delta)) {
          sheet.put(errorName(delta), backend.distance(m, linear) / backend.norm(linear));
        }
      }
    }
    return sheet;
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("gmm:P4", "The noisier the augmentation, the nearer InfoNCE comes to the quadratic"
        + " contrastive loss, whose minimiser is a closed form.", Bound.atMost(errorName(JUDGED), 0.03)));
  }
}
