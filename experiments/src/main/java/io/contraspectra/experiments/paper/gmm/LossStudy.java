package io.contraspectra.experiments.paper.gmm;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.MixturePairs;
import io.contraspectra.core.mixture.PairInfoNce;
import io.contraspectra.core.mixture.PopulationInfoNce;
import io.contraspectra.core.optimize.Objective;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** P3: the losses do not see invertible maps of the data, and their gradients are right (gmm.md 2). */
final class LossStudy implements Study {

  private static final int COMPONENTS = 3;
  private static final int DIMENSION = 5;
  private static final int OUTPUTS = 2;
  private static final int PAIRS = 60;
  private static final double SPREAD = 1.2;
  private static final double DELTA = 0.6;
  /** {@code ‖ATAᵀ‖} up to which quadrature is exact to rounding (gmm.md 8.2). */
  private static final double SIZE = 0.2;
  private static final double STEP = 1e-5;
  private static final String EQUIVARIANCE = "change of the loss under an invertible map";
  private static final String FORMULAS = "largest error of gradients against formulas";
  private static final String DIFFERENCES = "largest error of gradients against differences";

  @Override
  public String name() {
    return "losses";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (GaussianMixture mixture = Models.random(backend, COMPONENTS, DIMENSION, SPREAD, random);
        Matrix a = backend.matrix(OUTPUTS, DIMENSION, RandomDraws.gaussian(random, OUTPUTS * DIMENSION));
        var loss = new PopulationInfoNce(mixture, DELTA);
        MixturePairs pairs = mixture.pairs(PAIRS, DELTA, random);
        var batch = new PairInfoNce(backend, pairs.x(), pairs.positives(), OUTPUTS)) {
      moderate(mixture, a);
      sheet.put(EQUIVARIANCE, equivariance(mixture, loss, a, random));
      sheet.largest(DIFFERENCES, differences(backend, loss, a));
      sheet.largest(DIFFERENCES, differences(backend, batch, a));
      sheet.largest(FORMULAS, batchError(backend, pairs, batch, a));
      for (double distance : new double[] {.5, 1, 2}) {
        sheet.largest(FORMULAS, scalarError(backend, distance, random));
      }
    }
    return sheet;
  }

  /** Scales A to where quadrature is exact to rounding. */
  private static void moderate(GaussianMixture mixture, Matrix a) {
    Backend backend = mixture.backend();
    try (Matrix total = mixture.total();
        Matrix half = Frames.product(backend, NO, NO, a, total);
        Matrix spread = Frames.product(backend, NO, YES, half, a)) {
      backend.scale(Math.sqrt(SIZE / backend.norm(spread)), a);
    }
  }

  /** {@code z = B(Rx) = (BR)x}: the loss of BR on x against that of B on Rx. */
  private static double equivariance(
      GaussianMixture mixture, PopulationInfoNce loss, Matrix a, RandomGenerator random) {
    Backend backend = mixture.backend();
    try (Matrix map = Models.covariance(backend, DIMENSION, random);
        GaussianMixture image = mixture.mapped(map);
        Matrix b = backend.copyOf(a, DType.F64);
        Matrix scratch = backend.zeros(DType.F64, OUTPUTS, DIMENSION);
        var imageLoss = new PopulationInfoNce(image, DELTA)) {
      moderate(image, b);
      try (Matrix pulled = Frames.product(backend, NO, NO, b, map)) {
        return Math.abs(loss.evaluate(pulled, scratch) - imageLoss.evaluate(b, scratch));
      }
    }
  }

  /** The largest difference from central differences. */
  private static double differences(Backend backend, Objective loss, Matrix a) {
    double worst = 0;
    try (Matrix gradient = backend.zeros(DType.F64, OUTPUTS, DIMENSION);
        Matrix scratch = backend.zeros(DType.F64, OUTPUTS, DIMENSION);
        Matrix moved = backend.copyOf(a, DType.F64)) {
      loss.evaluate(a, gradient);
      double[] expected = gradient.toArray();
      double[] point = a.toArray();
      for (int i = 0; i < point.length; i++) {
        double[] shifted = point.clone();
        shifted[i] = point[i] + STEP;
        moved.copyFrom(shifted);
        double above = loss.evaluate(moved, scratch);
        shifted[i] = point[i] - STEP;
        moved.copyFrom(shifted);
        double below = loss.evaluate(moved, scratch);
        worst = Math.max(worst, Math.abs((above - below) / (2 * STEP) - expected[i]));
      }
    }
    return worst;
  }

  /** {@code A(XᵀEX̂ + X̂ᵀEᵀX)} with {@code E = (softmax(XAᵀAX̂ᵀ) − I)/n} formed in full. */
  private static double batchError(Backend backend, MixturePairs pairs, PairInfoNce loss, Matrix a) {
    long n = pairs.x().rows();
    try (Matrix gradient = backend.zeros(DType.F64, OUTPUTS, DIMENSION);
        Matrix z = Frames.product(backend, NO, YES, pairs.x(), a);
        Matrix partners = Frames.product(backend, NO, YES, pairs.positives(), a);
        Matrix e = Frames.product(backend, NO, YES, z, partners);
        Matrix logSumExp = backend.zeros(DType.F64, n, 1)) {
      loss.evaluate(a, gradient);
      backend.softmaxRows(e, logSumExp);
      backend.shiftDiagonal(-1, e);
      try (Matrix pull = Frames.product(backend, NO, NO, e, partners);
          Matrix otherPull = Frames.product(backend, YES, NO, e, z)) {
        backend.gemm(YES, NO, -1.0 / n, pull, pairs.x(), 1, gradient);
        backend.gemm(YES, NO, -1.0 / n, otherPull, pairs.positives(), 1, gradient);
        return backend.maxAbs(gradient);
      }
    }
  }

  /** Two components at ±s: {@code G = −δs² + p(1 + s²) + E[s(s + g)tanh(ps(s + g))]} along the means (gmm.md 3). */
  private static double scalarError(Backend backend, double s, RandomGenerator random) {
    double p = SIZE / (1 + s * s);
    try (GaussianMixture mixture =
            Models.turned(backend, Models.equalWeights(2), Models.opposite(s), DIMENSION, random);
        var loss = new PopulationInfoNce(mixture, DELTA);
        Matrix direction = Frames.transposed(backend, mixture.centredMeans().rowRange(0, 1));
        Matrix m = Frames.product(backend, NO, YES, direction, direction);
        Matrix gradient = backend.zeros(DType.F64, DIMENSION, DIMENSION)) {
      backend.scale(p / (s * s), m);
      loss.atM(m, gradient);
      double along = backend.dot(gradient, m) / p;
      return Math.abs(along - (-DELTA * s * s + p * (1 + s * s) + tanhMoment(p, s)));
    }
  }

  /** {@code E[s(s + g)tanh(ps(s + g))]} by the trapezoidal rule, which is exact to rounding here. */
  private static double tanhMoment(double p, double s) {
    double step = 0.01;
    double sum = 0;
    for (int i = -1000; i <= 1000; i++) {
      double g = i * step;
      double x = s * (s + g);
      sum += x * Math.tanh(p * x) * Math.exp(-g * g / 2);
    }
    return sum * step / Math.sqrt(2 * Math.PI);
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("gmm:P3", "The population loss does not change under invertible maps of the data, and the"
        + " gradients of both losses are those of the formulas.",
        Bound.atMost(EQUIVARIANCE, 1e-12), Bound.atMost(FORMULAS, 1e-10), Bound.atMost(DIFFERENCES, 1e-6)));
  }
}
