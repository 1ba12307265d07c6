package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.AlphaEvaluation;
import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A4, A5: every loss with convex F is the value of a game that its importance wins, and the regularised min players
 * have closed forms (alphacl.md 4).
 */
final class MinPlayerStudy implements Study {

  private static final int SAMPLES = 6;
  private static final int OUTPUTS = 3;
  private static final int TRIALS = 300;
  private static final double MOVE = 0.3;
  private static final double ROUNDING = 1e-12;
  private static final double[] TEMPERATURES = {0.1, 0.5, 2};
  private static final double[] BUDGETS = {1, 0.6};
  private static final double[] EXPONENTS = {0.5, 2, 4};
  static final String VALUE = "relative difference of L and -(E + F*)";
  private static final String VIOLATIONS = "moves of alpha that lower E + F*";
  private static final String BUDGET = "error of the budget";
  private static final String STATIONARY = "relative spread of the multipliers";

  private final DistanceScale scale;

  MinPlayerStudy(DistanceScale scale) {
    this.scale = scale;
  }

  @Override
  public String name() {
    return "min-player";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    double[] z = RandomDraws.gaussian(random, 2 * SAMPLES * OUTPUTS);
    var pairs = new DefinedPairs(z, SAMPLES, false, scale);
    try (Matrix embeddings = backend.matrix(2L * SAMPLES, OUTPUTS, z);
        Matrix mask = backend.zeros(DType.F64, SAMPLES, SAMPLES)) {
      backend.fill(1, mask);
      backend.shiftDiagonal(-1, mask);
      for (LossRow row : LossRow.values()) {
        if (row.feasible() != LossRow.Feasible.NO_GAME) {
          play(row, embeddings, mask, pairs, random, backend, sheet);
        }
      }
      for (double tau : TEMPERATURES) {
        for (double budget : BUDGETS) {
          stationary(AlphaLoss.entropy(tau, budget), embeddings, budget, pairs, a -> tau * Math.log(a), backend,
              sheet);
          stationary(AlphaLoss.square(tau, budget), embeddings, budget, pairs, a -> tau * a, backend, sheet);
          for (double gamma : EXPONENTS) {
            stationary(AlphaLoss.inverse(tau, budget, gamma, false), embeddings, budget, pairs,
                a -> -tau * Math.pow(a, -gamma), backend, sheet);
          }
        }
      }
    }
    return sheet;
  }

  /** L against the game's value at the importance, and the value after random moves within what may be played. */
  private static void play(LossRow row, Matrix embeddings, Matrix mask, DefinedPairs pairs, RandomGenerator random,
      Backend backend, Measured.Sheet sheet) {
    try (Matrix alpha = importance(row.loss(), embeddings, backend);
        Matrix moved = backend.zeros(DType.F64, SAMPLES, SAMPLES)) {
      double[] best = alpha.toArray();
      double game = pairs.energy(best) + row.loss().conjugate(alpha, mask);
      double loss = 0;
      for (double part : pairs.evaluate(row).losses()) {
        loss += part;
      }
      sheet.largest(VALUE, Distances.relative(new double[] {loss}, new double[] {-game}));
      int violations = 0;
      for (int trial = 0; trial < TRIALS; trial++) {
        double[] other = ImportanceMoves.moved(best, SAMPLES, row.feasible(), MOVE, random);
        moved.copyFrom(other);
        double value = pairs.energy(other) + row.loss().conjugate(moved, mask);
        violations += value >= game - ROUNDING * Math.max(1, Math.abs(game)) ? 0 : 1;
      }
      sheet.largest(VIOLATIONS, violations);
    }
  }

  /** The importance of every pair, n x n; the caller closes it. */
  private static Matrix importance(AlphaLoss loss, Matrix embeddings, Backend backend) {
    Matrix alpha = backend.zeros(DType.F64, SAMPLES, SAMPLES);
    try (AlphaEvaluation evaluation = loss.evaluation(backend, DType.F64, SAMPLES, OUTPUTS)) {
      evaluation.importance(embeddings, alpha);
      return alpha;
    }
  }

  /**
   * Rows sum to the budget; {@code D_ij + slope(alpha_ij)} is one number where alpha is positive, and D_ij no smaller
   * where it is 0.
   */
  private static void stationary(AlphaLoss loss, Matrix embeddings, double budget, DefinedPairs pairs,
      DoubleUnaryOperator slope, Backend backend, Measured.Sheet sheet) {
    double[] alpha;
    try (Matrix found = importance(loss, embeddings, backend)) {
      alpha = found.toArray();
    }
    for (int i = 0; i < SAMPLES; i++) {
      double sum = 0;
      double least = Double.POSITIVE_INFINITY;
      double largest = Double.NEGATIVE_INFINITY;
      double leastIdle = Double.POSITIVE_INFINITY;
      for (int j = 0; j < SAMPLES; j++) {
        double weight = alpha[i * SAMPLES + j];
        double distance = pairs.distance(i, j).doubleValue();
        sum += weight;
        if (weight > 0) {
          double multiplier = distance + slope.applyAsDouble(weight);
          least = Math.min(least, multiplier);
          largest = Math.max(largest, multiplier);
        } else if (j != i) {
          leastIdle = Math.min(leastIdle, distance);
        }
      }
      double excess = Math.max(largest - least, largest - leastIdle);
      sheet.largest(BUDGET, Math.abs(sum - budget));
      sheet.largest(STATIONARY, Math.max(0, excess) / Math.max(1, Math.abs(largest)));
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(
        Gate.of("alphacl:A4", "Every loss of convex F is the value of a game: L = -min(E + F*) over alpha, and the"
            + " pairwise importance attains the minimum.",
            Bound.atMost(VALUE, 1e-10), Bound.atMost(VIOLATIONS, 0)),
        Gate.of("alphacl:A5", "The min player's answers under entropy, square and inverse regularisers satisfy the"
            + " conditions of their optimum, and their budget.",
            Bound.atMost(STATIONARY, 1e-10), Bound.atMost(BUDGET, 1e-10)));
  }
}
