package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.ContrastiveCovariance;
import io.contraspectra.core.manifold.EffectiveRank;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.training.NormConstraint;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.PowerLaw;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.alphacl.EnergyAscent.Covariance;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A7: on orthogonal mixtures, where every input is a multiple of a unit vector, a two-layer ReLU network with filters
 * of unit norm keeps several dimensions at a fixed importance; a linear one collapses to one (alphacl.md 7).
 */
final class ReluStudy implements Study {

  private static final int INPUTS = 10;
  private static final int OUTPUTS = 5;
  private static final int SAMPLES = 60;
  private static final double STRONGEST = 2;
  private static final double WEAKEST = 1;
  private static final double SPREAD = 0.1;
  private static final double RATE = 0.2;
  private static final long MOST_STEPS = 6000;
  private static final double ZERO = 1e-6;
  private static final double[] QUANTILES = {0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100};
  private static final String MEDIAN = "median effective rank of the ReLU network's first layer";
  private static final String LINEAR = "fraction of linear networks of rank one";

  /** A network and what holds its first layer. */
  enum Model {
    RELU("ReLU, unit filters", Activation.RELU, true),
    LINEAR("linear, unit filters", Activation.IDENTITY, true),
    RELU_BALL("ReLU, first layer in a ball", Activation.RELU, false),
    LINEAR_BALL("linear, first layer in a ball", Activation.IDENTITY, false);

    private final String label;
    private final Activation activation;
    private final boolean unitFilters;

    Model(String label, Activation activation, boolean unitFilters) {
      this.label = label;
      this.activation = activation;
      this.unitFilters = unitFilters;
    }

    String label() {
      return label;
    }
  }

  private final List<Model> models;
  private final int starts;
  private final NormConstraint filters;

  /**
   * A study of so many random starts for each model.
   *
   * @param models {@code RELU} and {@code LINEAR}, which the claim needs, and others
   * @param filters what holds the first layer of the networks with unit filters
   */
  ReluStudy(List<Model> models, int starts, NormConstraint filters) {
    this.models = models;
    this.starts = starts;
    this.filters = filters;
  }

  @Override
  public String name() {
    return "relu";
  }

  List<Model> models() {
    return models;
  }

  int starts() {
    return starts;
  }

  static double[] quantiles() {
    return QUANTILES.clone();
  }

  static String rankName(Model model, double quantile) {
    return "effective rank, " + model.label + ", quantile " + quantile;
  }

  static String valueName(Model model, double quantile) {
    return "value/lambda_1, " + model.label + ", quantile " + quantile;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    int linear = 0;
    int rankOne = 0;
    try (Covariance covariance = covariance(backend, random)) {
      for (Model model : models) {
        var ranks = new double[starts];
        var values = new double[starts];
        for (int start = 0; start < starts; start++) {
          var norms = List.of(model.unitFilters ? filters : NormConstraint.BALL, NormConstraint.BALL);
          try (var ascent = new EnergyAscent(backend, covariance, model.activation, List.of(INPUTS, INPUTS, OUTPUTS),
              norms, RATE, random); Matrix effective = backend.zeros(DType.F64, INPUTS, INPUTS)) {
            ascent.settle(MOST_STEPS);
            values[start] = ascent.value();
            backend.map(model.activation.function(), ascent.weight(1), effective);
            ranks[start] = EffectiveRank.of(backend, effective).erank();
            if (model.activation == Activation.IDENTITY) {
              linear++;
              rankOne += LayerSpectrum.of(backend, effective).secondOverFirst() <= ZERO ? 1 : 0;
            }
          }
        }
        if (model == Model.RELU) {
          sheet.put(MEDIAN, PowerLaw.median(ranks));
        }
        quantiles(model, ranks, values, sheet);
      }
    }
    sheet.put(LINEAR, (double) rankOne / linear);
    return sheet;
  }

  private static void quantiles(Model model, double[] ranks, double[] values, Measured.Sheet sheet) {
    Arrays.sort(ranks);
    Arrays.sort(values);
    for (double quantile : QUANTILES) {
      int at = (int) Math.round(quantile / 100 * (ranks.length - 1));
      sheet.put(rankName(model, quantile), ranks[at]);
      sheet.put(valueName(model, quantile), values[at]);
    }
  }

  /** C_alpha[x]/n of inputs m e_k and positives m' e_k, with equal importance of all pairs, in rows of sum 1. */
  private static Covariance covariance(Backend backend, RandomGenerator random) {
    try (Matrix x = multiples(backend, random); Matrix positives = multiples(backend, random);
        Matrix alpha = backend.zeros(DType.F64, SAMPLES, SAMPLES)) {
      backend.fill(1, alpha);
      backend.shiftDiagonal(-1, alpha);
      backend.scale(1.0 / (SAMPLES - 1), alpha);
      Matrix c = backend.zeros(DType.F64, INPUTS, INPUTS);
      ContrastiveCovariance.of(backend, alpha, x, positives, c);
      backend.scale(1.0 / SAMPLES, c);
      return Covariance.of(backend, c);
    }
  }

  private static Matrix multiples(Backend backend, RandomGenerator random) {
    var x = new double[SAMPLES * INPUTS];
    for (int i = 0; i < SAMPLES; i++) {
      int k = i % INPUTS;
      double mean = STRONGEST + (WEAKEST - STRONGEST) * k / (INPUTS - 1);
      x[i * INPUTS + k] = Math.abs(mean + SPREAD * random.nextGaussian());
    }
    return backend.matrix(SAMPLES, INPUTS, x);
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("alphacl:A7", "A two-layer ReLU network with filters of unit norm keeps several dimensions"
            + " at the optima that it reaches; a linear one always ends with rank one.",
        Bound.atLeast(MEDIAN, 3), Bound.atLeast(LINEAR, 1)));
  }
}
