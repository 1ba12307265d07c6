package io.contraspectra.experiments.paper.gmm;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.MixturePairs;
import io.contraspectra.core.mixture.MixtureSubspaces;
import io.contraspectra.core.mixture.PairInfoNce;
import io.contraspectra.core.optimize.Optimizer;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.optimize.Schedule;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** T6: a handful of negatives a step finds the same subspace as many. */
final class BatchStudy implements Study {

  private static final int PAIRS = 4000;
  private static final int DIMENSION = 10;
  private static final int OUTPUTS = 2;
  private static final int STEPS = 1500;
  private static final double RATE = 0.02;
  private static final double START = 0.1;
  private static final String SINE = "largest sin, all batch sizes";

  private final GmmSettings settings;

  BatchStudy(GmmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "batches";
  }

  static String sineName(int batch) {
    return "sin, batches of " + batch;
  }

  static String normName(int batch) {
    return "norm of the white map, batches of " + batch;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (GaussianMixture mixture = NoiseStudy.triangle(backend, DIMENSION, DimensionStudy.NOISE, random);
        MixturePairs pairs = mixture.pairs(PAIRS, settings.clean(), random);
        var white = WhitePairs.of(backend, pairs.x(), pairs.positives());
        Matrix fisher = MixtureSubspaces.fisher(mixture)) {
      for (int batch : settings.batches()) {
        try (Matrix a = descend(backend, white, batch, random);
            Matrix directions = Frames.product(backend, NO, YES, white.map(), a)) {
          double sine = Frames.sine(backend, directions, fisher);
          sheet.put(sineName(batch), sine);
          sheet.put(normName(batch), backend.norm(a));
          sheet.largest(SINE, sine);
        }
      }
    }
    return sheet;
  }

  /** Adam with a cosine schedule on batches drawn afresh; A, r x d, to be closed by the caller. */
  private static Matrix descend(Backend backend, WhitePairs white, int batch, RandomGenerator random) {
    Matrix a = backend.matrix(OUTPUTS, DIMENSION, RandomDraws.gaussian(random, OUTPUTS * DIMENSION));
    backend.scale(START, a);
    double[] first = white.x().toArray();
    double[] second = white.positives().toArray();
    var schedule = new Schedule.Cosine(STEPS);
    try (Matrix x = backend.zeros(DType.F64, batch, DIMENSION);
        Matrix positives = backend.zeros(DType.F64, batch, DIMENSION);
        Matrix gradient = backend.zeros(DType.F64, OUTPUTS, DIMENSION);
        var loss = new PairInfoNce(backend, x, positives, OUTPUTS);
        Optimizer rule = Optimizers.ADAM.create(backend, a)) {
      for (int step = 0; step < STEPS; step++) {
        int[] chosen = RandomDraws.distinct(random, batch, PAIRS);
        x.copyFrom(rows(first, chosen));
        positives.copyFrom(rows(second, chosen));
        double value = loss.evaluate(a, gradient);
        rule.step(loss, a, value, gradient, RATE * schedule.factor(step));
      }
      return a;
    }
  }

  private static double[] rows(double[] all, int[] chosen) {
    var rows = new double[chosen.length * DIMENSION];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(all, chosen[i] * DIMENSION, rows, i * DIMENSION, DIMENSION);
    }
    return rows;
  }

  List<Integer> batches() {
    return settings.batches();
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("gmm:T6", "Seven negatives a step find the Fisher subspace as hundreds do; only the size of"
        + " the map depends on their number (bound of ours; the page gives a table).",
        Bound.atMost(SINE, 0.04).ofMean()));
  }
}
