package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.AlphaEvaluation;
import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.loss.ContrastiveCovariance;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.loss.UnitRowLoss;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import io.contraspectra.core.network.Propagation;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A1, A2: for every loss of the table, anchors and views, raw and unit embeddings, the gradient with respect to a
 * network's parameters is minus that of the energy at fixed importance (alphacl.md 3).
 */
final class EquivalenceStudy implements Study {

  private static final int SAMPLES = 6;
  private static final Architecture ARCHITECTURE = Architecture.ntk(Activation.TANH, 5, 8, 3);
  private static final double AUGMENTATION = 0.3;
  private static final String GRADIENT = "relative size of dL/dtheta + dE/dtheta";
  private static final String IMPORTANCE = "relative error of alpha = phi' psi'";
  private static final String LEAST = "least alpha";
  private static final String TRACE = "relative difference of tr(C)/2 and E";

  private final DistanceScale scale;

  EquivalenceStudy(DistanceScale scale) {
    this.scale = scale;
  }

  @Override
  public String name() {
    return "equivalence";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Network network = Network.gaussian(ARCHITECTURE, backend, DType.F64, random);
        Matrix inputs = inputs(backend, random);
        var propagation = new Propagation(network, inputs.rows())) {
      for (LossRow row : LossRow.values()) {
        for (boolean twoViews : new boolean[] {false, true}) {
          AlphaLoss loss = twoViews ? row.loss().ofTwoViews() : row.loss();
          Matrix f = propagation.forward(inputs);
          var pairs = new DefinedPairs(f.toArray(), SAMPLES, twoViews, scale);
          DefinedPairs.Evaluated defined = pairs.evaluate(row);
          importance(loss, f, pairs, defined.alpha(), backend, sheet);
          sheet.largest(GRADIENT,
              difference(propagation, f, loss, pairs.energyGradient(defined.alpha()), backend));
          sheet.largest(GRADIENT, onTheSphere(propagation, f, loss, row, twoViews, backend));
        }
      }
    }
    return sheet;
  }

  private static Matrix inputs(Backend backend, RandomGenerator random) {
    int size = SAMPLES * ARCHITECTURE.inputs();
    double[] x = RandomDraws.gaussian(random, 2 * size);
    for (int i = 0; i < size; i++) {
      x[size + i] = x[i] + AUGMENTATION * x[size + i];
    }
    return backend.matrix(2L * SAMPLES, ARCHITECTURE.inputs(), x);
  }

  /** Core's importance, and its energy by the trace of the contrastive covariance, against the definitions. */
  private static void importance(
      AlphaLoss loss, Matrix f, DefinedPairs pairs, double[] defined, Backend backend, Measured.Sheet sheet) {
    int n = pairs.anchors();
    try (AlphaEvaluation evaluation = loss.evaluation(backend, DType.F64, SAMPLES, f.cols());
        Matrix alpha = backend.zeros(DType.F64, n, n);
        Matrix swapped = backend.zeros(DType.F64, f.rows(), f.cols())) {
      evaluation.importance(f, alpha);
      double[] found = alpha.toArray();
      sheet.largest(IMPORTANCE, Distances.relative(defined, found));
      for (double weight : found) {
        sheet.smallest(LEAST, weight);
      }
      backend.copy(f.rowRange(SAMPLES, SAMPLES), swapped.rowRange(0, SAMPLES));
      backend.copy(f.rowRange(0, SAMPLES), swapped.rowRange(SAMPLES, SAMPLES));
      double trace = ContrastiveCovariance.energy(backend, alpha, f.rowRange(0, n), swapped.rowRange(0, n));
      sheet.largest(TRACE, Distances.relative(new double[] {pairs.energy(found)}, new double[] {trace}));
    }
  }

  /** {@code ‖dL/dtheta + dE/dtheta‖/‖dL/dtheta‖} for embeddings f, and dE/df. */
  private static double difference(
      Propagation propagation, Matrix f, Loss loss, double[] energyGradient, Backend backend) {
    try (LossEvaluation evaluation = loss.evaluation(backend, DType.F64, SAMPLES, f.cols());
        Matrix cotangent = backend.zeros(DType.F64, f.rows(), f.cols());
        Matrix ofLoss = backend.zeros(DType.F64, 1, ARCHITECTURE.parameters());
        Matrix ofEnergy = backend.zeros(DType.F64, 1, ARCHITECTURE.parameters())) {
      evaluation.evaluate(f, cotangent);
      propagation.gradient(cotangent, new Parameters(ARCHITECTURE, ofLoss));
      cotangent.copyFrom(energyGradient);
      propagation.gradient(cotangent, new Parameters(ARCHITECTURE, ofEnergy));
      backend.scale(-1, ofEnergy);
      return Distances.relative(ofLoss.toArray(), ofEnergy.toArray());
    }
  }

  /** The same with rows divided by their norms, which is part of the network then. */
  private double onTheSphere(
      Propagation propagation, Matrix f, AlphaLoss loss, LossRow row, boolean twoViews, Backend backend) {
    double[] raw = f.toArray();
    int outputs = ARCHITECTURE.outputs();
    double[] unit = raw.clone();
    var norms = new double[2 * SAMPLES];
    for (int i = 0; i < raw.length; i++) {
      norms[i / outputs] = Math.hypot(norms[i / outputs], raw[i]);
    }
    for (int i = 0; i < raw.length; i++) {
      unit[i] = raw[i] / norms[i / outputs];
    }
    var pairs = new DefinedPairs(unit, SAMPLES, twoViews, scale);
    double[] gradient = pairs.energyGradient(pairs.evaluate(row).alpha());
    for (int i = 0; i < norms.length; i++) {
      double along = 0;
      for (int k = i * outputs; k < (i + 1) * outputs; k++) {
        along += gradient[k] * unit[k];
      }
      for (int k = i * outputs; k < (i + 1) * outputs; k++) {
        gradient[k] = (gradient[k] - along * unit[k]) / norms[i];
      }
    }
    return difference(propagation, f, new UnitRowLoss(loss), gradient, backend);
  }

  @Override
  public List<Gate> gates() {
    return List.of(
        Gate.of("alphacl:A1", "The gradient of every loss with respect to the parameters is minus that of the energy"
            + " E at fixed pairwise importance, for anchors with positives and for two views, raw or of unit norm.",
            Bound.atMost(GRADIENT, 1e-12)),
        Gate.of("alphacl:A2", "The pairwise importance is the derivative of the loss by each advantage, it is never"
            + " negative, and half the trace of the contrastive covariance is the energy.",
            Bound.atMost(IMPORTANCE, 1e-12), Bound.atLeast(LEAST, 0), Bound.atMost(TRACE, 1e-12)));
  }
}
