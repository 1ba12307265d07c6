package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.LinearSimSiam;
import io.contraspectra.core.mixture.MixtureSubspaces;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** P6: linear SimSiam, which has no negatives, rests in the Fisher subspace of white data. */
final class SimSiamStudy implements Study {

  private static final int COMPONENTS = 3;
  private static final int DIMENSION = 6;
  private static final double RADIUS = 3;
  private static final double RATE = 0.3;
  private static final double DECAY = 1e-2;
  private static final List<Double> RAW_DECAYS = List.of(1e-2, 3e-3, 1e-3);
  private static final int STEPS = 1_000_000;
  private static final double REST = 1e-12;
  private static final double RAW_REST = 1e-7;
  private static final String AMPLITUDES = "error of the amplitudes";
  private static final String SINE = "sine on white data";
  private static final String FALL = "sine on raw data, eta 1e-2 / eta 1e-3";

  private final GmmSettings settings;

  SimSiamStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "simsiam";
  }

  static String rawName(double decay) {
    return "sine on raw data, eta " + decay;
  }

  static List<Double> rawDecays() {
    return RAW_DECAYS;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (GaussianMixture mixture = mixture(backend, random); Matrix whitening = whitening(mixture);
        GaussianMixture white = mixture.mapped(whitening)) {
      white(white, mixture, random, sheet);
      for (double decay : RAW_DECAYS) {
        sheet.put(rawName(decay), raw(mixture, decay, random));
      }
    }
    sheet.put(FALL, sheet.values().get(rawName(1e-2)) / sheet.values().get(rawName(1e-3)));
    return sheet;
  }

  /** A triangle of means far apart, so that no direction collapses, and a generic covariance. */
  private static GaussianMixture mixture(Backend backend, RandomGenerator random) {
    try (Matrix means = backend.zeros(DType.F64, COMPONENTS, DIMENSION);
        Matrix covariance = Models.covariance(backend, DIMENSION, random)) {
      double[][] corners = Models.polygon(COMPONENTS, RADIUS);
      for (int k = 0; k < COMPONENTS; k++) {
        means.block(k, 0, 1, 2).copyFrom(corners[k]);
      }
      return GaussianMixture.shared(backend, new double[] {.3, .4, .3}, means, covariance);
    }
  }

  /** {@code W = L⁻¹} for {@code T = LLᵀ}. */
  private static Matrix whitening(GaussianMixture mixture) {
    Backend backend = mixture.backend();
    Matrix w = backend.zeros(DType.F64, mixture.dimension(), mixture.dimension());
    backend.shiftDiagonal(1, w);
    try (Matrix root = Frames.root(backend, mixture.total())) {
      backend.solveTriangular(Side.LEFT, Triangle.LOWER, Transpose.NO, 1, root, w);
      return w;
    }
  }

  private void white(GaussianMixture white, GaussianMixture mixture, RandomGenerator random, Measured.Sheet sheet) {
    Backend backend = white.backend();
    try (Matrix cross = white.between(); Matrix total = white.total()) {
      backend.scale(settings.clean(), cross);
      try (LinearSimSiam flow = start(backend, cross, total, DECAY, random)) {
        flow.settle(RATE, REST, STEPS);
        double[] found = Frames.singularValues(backend, flow.encoder());
        double[] associations = LinearSimSiam.associations(mixture, 1, COMPONENTS - 1);
        for (int k = 0; k < found.length; k++) {
          sheet.largest(AMPLITUDES, Math.abs(found[k] - LinearSimSiam.amplitude(associations[k], DECAY)));
        }
        sheet.put(SINE, sine(white, flow));
      }
    }
  }

  private static double raw(GaussianMixture mixture, double decay, RandomGenerator random) {
    Backend backend = mixture.backend();
    try (Matrix cross = mixture.between(); Matrix total = mixture.total();
        EigenPairs pairs = Eigensolver.full(backend, total);
        LinearSimSiam flow = start(backend, cross, total, decay, random)) {
      flow.settle(RATE / pairs.values().get(0, 0), RAW_REST, STEPS);
      return sine(mixture, flow);
    }
  }

  private static LinearSimSiam start(
      Backend backend, Matrix cross, Matrix total, double decay, RandomGenerator random) {
    int r = COMPONENTS - 1;
    try (Matrix encoder = backend.matrix(r, DIMENSION, RandomDraws.gaussian(random, r * DIMENSION));
        Matrix predictor = backend.matrix(r, r, RandomDraws.gaussian(random, r * r))) {
      backend.scale(0.3 / Math.sqrt(DIMENSION), encoder);
      backend.scale(0.05, predictor);
      backend.shiftDiagonal(0.3, predictor);
      return new LinearSimSiam(backend, cross, total, decay, encoder, predictor);
    }
  }

  private static double sine(GaussianMixture mixture, LinearSimSiam flow) {
    try (Matrix fisher = MixtureSubspaces.fisher(mixture);
        Matrix learned = Frames.transposed(mixture.backend(), flow.encoder())) {
      return Frames.sine(mixture.backend(), learned, fisher);
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("gmm:P6", "Linear SimSiam learns the Fisher subspace of white data at the amplitudes of its"
        + " stable fixed points; of raw data only as its weight decay vanishes.",
        Bound.atMost(AMPLITUDES, 1e-8), Bound.atMost(SINE, 1e-10), Bound.atLeast(FALL, 2)));
  }
}
