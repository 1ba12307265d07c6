package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.AlphaEvaluation;
import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.loss.PairFunctions;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/**
 * A3: embeddings forty times as long, whose exponentials leave the range of doubles, cost no digit. They lie on a grid
 * on which distances are doubles: logits of 10,000 are known to 1e-12 only, which near ties is the error of alpha in
 * whatever way it is computed, and is not the question here.
 */
final class StabilityStudy implements Study {

  private static final int SAMPLES = 8;
  private static final int OUTPUTS = 3;
  private static final double LENGTH = 40;
  private static final double GRID = 1.0 / 64;
  private static final double TAU = 0.5;
  private static final String LOSS = "relative error of the losses";
  private static final String IMPORTANCE = "relative error of alpha";
  private static final String GRADIENT = "relative error of the gradients";
  private static final String INFINITE = "numbers that are not finite";
  private static final String NAIVE = "the same of exp(u/tau)/(1 + sum) as it is written";

  @Override
  public String name() {
    return "stability";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    double[] z = RandomDraws.gaussian(random, 2 * SAMPLES * OUTPUTS);
    for (int i = 0; i < z.length; i++) {
      z[i] = Math.rint(LENGTH * z[i] / GRID) * GRID;
    }
    var pairs = new DefinedPairs(z, SAMPLES, false, DistanceScale.HALVED);
    try (Matrix embeddings = backend.matrix(2L * SAMPLES, OUTPUTS, z)) {
      for (LossRow row : LossRow.values()) {
        compare(row, pairs, embeddings, backend, sheet);
      }
      sheet.put(NAIVE, naive(embeddings, backend));
    }
    return sheet;
  }

  private static void compare(
      LossRow row, DefinedPairs pairs, Matrix embeddings, Backend backend, Measured.Sheet sheet) {
    DefinedPairs.Evaluated defined = pairs.evaluate(row);
    double[] slope = Arrays.stream(pairs.energyGradient(defined.alpha())).map(g -> -g).toArray();
    try (AlphaEvaluation evaluation = row.loss().evaluation(backend, DType.F64, SAMPLES, OUTPUTS);
        Matrix gradient = backend.zeros(DType.F64, 2L * SAMPLES, OUTPUTS);
        Matrix alpha = backend.zeros(DType.F64, SAMPLES, SAMPLES)) {
      evaluation.evaluate(embeddings, gradient);
      sheet.largest(LOSS, Distances.relative(defined.losses(), evaluation.losses().toArray()));
      sheet.largest(GRADIENT, Distances.relative(slope, gradient.toArray()));
      double infinite = infinite(evaluation.losses()) + infinite(gradient);
      evaluation.importance(embeddings, alpha);
      sheet.largest(IMPORTANCE, Distances.relative(defined.alpha(), alpha.toArray()));
      sheet.largest(INFINITE, infinite + infinite(alpha));
    }
  }

  /** InfoNCE with phi and psi evaluated as they stand. */
  private static double naive(Matrix embeddings, Backend backend) {
    AlphaLoss loss = AlphaLoss.of("naive InfoNCE", new PairFunctions(x -> TAU * Math.log(1 + x), x -> TAU / (1 + x),
        u -> Math.exp(u / TAU), u -> Math.exp(u / TAU) / TAU));
    try (AlphaEvaluation evaluation = loss.evaluation(backend, DType.F64, SAMPLES, OUTPUTS);
        Matrix alpha = backend.zeros(DType.F64, SAMPLES, SAMPLES)) {
      evaluation.importance(embeddings, alpha);
      return infinite(alpha);
    }
  }

  private static double infinite(Matrix m) {
    return DoubleStream.of(m.toArray()).filter(value -> !Double.isFinite(value)).count();
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("alphacl:A3", "Embeddings of forty times the length leave every loss, importance and"
        + " gradient finite and exact; the formulas as they are written overflow.",
        Bound.atMost(INFINITE, 0), Bound.atMost(LOSS, 1e-12), Bound.atMost(IMPORTANCE, 1e-12),
        Bound.atMost(GRADIENT, 1e-12), Bound.atLeast(NAIVE, 1)));
  }
}
