package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.AlphaEvaluation;
import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.loss.ContrastiveCovariance;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.training.NormConstraint;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.alphacl.EnergyAscent.Covariance;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A6: at a fixed importance a deep linear network with layers of bounded norm finds the top eigenvector of the
 * contrastive covariance of its inputs, from every start: deep learning does PCA (alphacl.md 6).
 */
final class DeepLinearStudy implements Study {

  private static final List<Integer> WIDTHS = List.of(10, 8, 7, 6, 5, 4);
  private static final List<Integer> DEPTHS = List.of(1, 2, 3, 5);
  private static final int SAMPLES = 40;
  private static final double AUGMENTATION = 0.3;
  private static final double TAU = 0.5;
  private static final double RATE = 0.5;
  /** Most starts settle within a thousand steps; a small gap between eigenvalues takes longer. */
  private static final long MOST_STEPS = 30_000;
  private static final double GLOBAL = 1e-6;
  private static final int FOLLOWED_STARTS = 10;
  private static final long[] FOLLOWED_STEPS = {1, 3, 10, 30, 60, 100, 150, 200, 300, 400, 600, 1000};
  private static final int SADDLE_DEPTH = 2;
  private static final double SADDLE_NOISE = 1e-6;
  private static final String FRACTION = "fraction of starts at the global optimum";
  private static final String RANK = "second over first singular value of a layer";
  private static final String ALIGNMENT = "1 - |cosine| of the learned and the top eigenvector";

  private final int starts;
  private final NormConstraint norm;

  /**
   * A study of so many random starts for each depth.
   *
   * @param norm what holds each layer, the ball in the theorem
   */
  DeepLinearStudy(int starts, NormConstraint norm) {
    this.starts = starts;
    this.norm = norm;
  }

  @Override
  public String name() {
    return "deep-linear";
  }

  int starts() {
    return starts;
  }

  static List<Integer> depths() {
    return DEPTHS;
  }

  static double[] followedSteps() {
    return IntStream.range(0, FOLLOWED_STEPS.length).mapToDouble(i -> FOLLOWED_STEPS[i]).toArray();
  }

  static String valueName(int depth, double step) {
    return "value/lambda_1, depth " + depth + ", step " + (long) step;
  }

  static String saddleName(double step) {
    return "value/lambda_1, beside the second eigenvector, step " + (long) step;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    int global = 0;
    try (Covariance covariance = covariance(backend, random)) {
      for (int depth : DEPTHS) {
        var values = new double[FOLLOWED_STEPS.length];
        for (int start = 0; start < starts; start++) {
          try (EnergyAscent ascent = ascent(backend, covariance, depth, random)) {
            if (start < FOLLOWED_STARTS) {
              follow(ascent, values);
            }
            ascent.settle(MOST_STEPS);
            global += Math.abs(ascent.value() - 1) <= GLOBAL ? 1 : 0;
            judge(backend, ascent, covariance, sheet);
          }
        }
        for (int i = 0; i < values.length; i++) {
          sheet.put(valueName(depth, FOLLOWED_STEPS[i]), values[i] / Math.min(starts, FOLLOWED_STARTS));
        }
      }
      saddle(backend, covariance, random, sheet);
    }
    sheet.put(FRACTION, (double) global / (starts * DEPTHS.size()));
    return sheet;
  }

  /** C_alpha[x]/n of correlated inputs, with the importance that InfoNCE gives a random linear map's embeddings. */
  private static Covariance covariance(Backend backend, RandomGenerator random) {
    int d = WIDTHS.getFirst();
    int k = WIDTHS.getLast();
    double[] x = RandomDraws.gaussian(random, 2 * SAMPLES * d);
    for (int i = 0; i < SAMPLES * d; i++) {
      x[i] *= 2 * Math.pow(1.0 / 4, (double) (i % d) / (d - 1));
      x[SAMPLES * d + i] = x[i] + AUGMENTATION * x[SAMPLES * d + i];
    }
    double[] z = new double[2 * SAMPLES * k];
    double[] map = RandomDraws.gaussian(random, d * k);
    for (int i = 0; i < z.length; i++) {
      for (int j = 0; j < d; j++) {
        z[i] += x[i / k * d + j] * map[i % k * d + j] / d;
      }
    }
    try (Matrix inputs = backend.matrix(2L * SAMPLES, d, x);
        Matrix embeddings = backend.matrix(2L * SAMPLES, k, z);
        Matrix alpha = backend.zeros(DType.F64, SAMPLES, SAMPLES);
        AlphaEvaluation evaluation = AlphaLoss.infoNce(TAU, 1).evaluation(backend, DType.F64, SAMPLES, k)) {
      evaluation.importance(embeddings, alpha);
      Matrix c = backend.zeros(DType.F64, d, d);
      ContrastiveCovariance.of(backend, alpha, inputs.rowRange(0, SAMPLES), inputs.rowRange(SAMPLES, SAMPLES), c);
      backend.scale(1.0 / SAMPLES, c);
      return Covariance.of(backend, c);
    }
  }

  private EnergyAscent ascent(Backend backend, Covariance covariance, int depth, RandomGenerator random) {
    return new EnergyAscent(backend, covariance, Activation.IDENTITY, WIDTHS.subList(0, depth + 1),
        Collections.nCopies(depth, norm), RATE, random);
  }

  /** Adds what the ascent has reached after each of the followed steps. */
  private static void follow(EnergyAscent ascent, double[] values) {
    long taken = 0;
    for (int i = 0; i < values.length; i++) {
      ascent.run(FOLLOWED_STEPS[i] - taken);
      taken = FOLLOWED_STEPS[i];
      values[i] += ascent.value();
    }
  }

  private static void judge(Backend backend, EnergyAscent ascent, Covariance covariance, Measured.Sheet sheet) {
    for (int layer = 1; layer <= ascent.layers(); layer++) {
      LayerSpectrum spectrum = LayerSpectrum.of(backend, ascent.weight(layer));
      sheet.largest(RANK, spectrum.secondOverFirst());
      if (layer == 1) {
        double[] top = covariance.pairs().vectors().rowRange(0, 1).toArray();
        double cosine = 0;
        for (int j = 0; j < top.length; j++) {
          cosine += top[j] * spectrum.topInput()[j];
        }
        sheet.largest(ALIGNMENT, 1 - Math.abs(cosine));
      }
    }
  }

  /** From rank-one layers on the second eigenvector, a stationary point, and a little noise. */
  private void saddle(Backend backend, Covariance covariance, RandomGenerator random, Measured.Sheet sheet) {
    try (EnergyAscent ascent = ascent(backend, covariance, SADDLE_DEPTH, random)) {
      Matrix second = covariance.pairs().vectors().rowRange(1, 1);
      for (int layer = 1; layer <= SADDLE_DEPTH; layer++) {
        Matrix weight = ascent.weight(layer);
        backend.scale(SADDLE_NOISE, weight);
        Matrix first = weight.rowRange(0, 1);
        if (layer == 1) {
          backend.add(1, second, 1, first);
        } else {
          first.set(0, 0, first.get(0, 0) + 1);
        }
        backend.scale(1 / backend.norm(weight), weight);
      }
      var values = new double[FOLLOWED_STEPS.length];
      follow(ascent, values);
      for (int i = 0; i < values.length; i++) {
        sheet.put(saddleName(FOLLOWED_STEPS[i]), values[i]);
      }
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("alphacl:A6", "Deep linear networks with layers of norm at most 1 have no local maxima but"
            + " the global ones: from every random start each layer ends with rank one, and the first one on the top"
            + " eigenvector of the contrastive covariance.",
        Bound.atLeast(FRACTION, 1), Bound.atMost(RANK, 1e-8), Bound.atMost(ALIGNMENT, 1e-8)));
  }
}
