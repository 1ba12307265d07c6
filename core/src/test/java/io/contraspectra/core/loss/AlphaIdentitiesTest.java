package io.contraspectra.core.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The exact identities of the alpha-CL family, A1, A2, A4 and A5 of alphacl.md 10, over five seeds. */
class AlphaIdentitiesTest {

  private static final int N = 6;
  private static final int K = 3;
  private static final int SEEDS = 5;

  private static List<LossEntry> alphaLosses() {
    return Losses.catalogue().stream().filter(entry -> entry.style() == LossStyle.ALPHA).toList();
  }

  private static List<LossEntry> convex() {
    return alphaLosses().stream()
        .filter(entry -> entry.formula().contains("phi") && !entry.name().equals("alpha-mod-triplet")).toList();
  }

  /** A1: the gradient of every loss is minus that of the energy with alpha held fixed; E is quadratic, so differences
   * of it are exact. */
  @EveryBackend
  void gradientsAreThoseOfTheEnergyAtFixedImportance(Backend backend) {
    for (LossEntry entry : alphaLosses()) {
      for (boolean twoViews : new boolean[] {false, true}) {
        for (int seed = 0; seed < SEEDS; seed++) {
          energyDerivative(backend, entry, twoViews, seed);
        }
      }
    }
  }

  private static void energyDerivative(Backend backend, LossEntry entry, boolean twoViews, int seed) {
    Map<String, String> constants = Map.of("two-views", Boolean.toString(twoViews));
    try (var arrangement = new LossArrangements(backend, entry, constants, N, K, 1, seed);
        Matrix alpha = importance(arrangement, arrangement.embeddings)) {
      double[] x = arrangement.embeddings;
      var random = new Random(seed + 100);
      double[] v = random.doubles(x.length).map(_ -> random.nextGaussian()).toArray();
      double numeric = (energy(backend, alpha, LossArrangements.moved(x, -.5, v), twoViews)
          - energy(backend, alpha, LossArrangements.moved(x, .5, v), twoViews));
      double analytic = LossArrangements.dot(arrangement.evaluate(x).gradient(), v);
      assertEquals(numeric, analytic, 1e-12 * Math.max(10, Math.abs(numeric)), entry.name());
    }
  }

  private static Matrix importance(LossArrangements arrangement, double[] x) {
    var evaluation = (AlphaEvaluation) arrangement.evaluation;
    Matrix alpha = arrangement.backend.zeros(DType.F64, evaluation.anchors(), evaluation.anchors());
    try (Matrix embeddings = arrangement.backend.matrix(2L * arrangement.samples, arrangement.outputs, x)) {
      evaluation.importance(embeddings, alpha);
      return alpha;
    }
  }

  private static double energy(Backend backend, Matrix alpha, double[] x, boolean twoViews) {
    double[] swapped = new double[x.length];
    System.arraycopy(x, x.length / 2, swapped, 0, x.length / 2);
    System.arraycopy(x, 0, swapped, x.length / 2, x.length / 2);
    long rows = x.length / K;
    try (Matrix views = backend.matrix(rows, K, x); Matrix partners = backend.matrix(rows, K, swapped)) {
      return twoViews
          ? ContrastiveCovariance.energy(backend, alpha, views, partners)
          : ContrastiveCovariance.energy(backend, alpha, views.rowRange(0, N), views.rowRange(N, N));
    }
  }

  /** A2: alpha is not negative, and what the trace says is what the sum of advantages says. */
  @EveryBackend
  void importanceIsNotNegativeAndTheEnergyIsASumOfAdvantages(Backend backend) {
    for (LossEntry entry : alphaLosses()) {
      try (var arrangement = new LossArrangements(backend, entry, Map.of(), N, K, 1, 3);
          Matrix alpha = importance(arrangement, arrangement.embeddings)) {
        double[] weights = alpha.toArray();
        double energy = 0;
        for (int i = 0; i < N; i++) {
          for (int j = 0; j < N; j++) {
            assertTrue(weights[i * N + j] >= 0, entry.name());
            energy -= weights[i * N + j] * advantage(arrangement.embeddings, i, j);
          }
          assertEquals(0, weights[i * N + i], entry.name());
        }
        assertEquals(energy, energy(backend, alpha, arrangement.embeddings, false), 1e-12 * Math.max(10,
            Math.abs(energy)), entry.name());
      }
    }
  }

  private static double advantage(double[] x, int i, int j) {
    double positive = 0;
    double negative = 0;
    for (int k = 0; k < K; k++) {
      positive += square(x[i * K + k] - x[(N + i) * K + k]) / 2;
      negative += square(x[i * K + k] - x[j * K + k]) / 2;
    }
    return positive - negative;
  }

  private static double square(double x) {
    return x * x;
  }

  /** A4: L = −(E + Σ F*) at the pairwise importance, and no other feasible alpha has a smaller E + Σ F*. */
  @Test
  void lossesAreValuesOfAGame() {
    try (Backend backend = TestBackend.CPU_VECTOR.open()) {
      for (LossEntry entry : convex()) {
        for (int seed = 0; seed < SEEDS; seed++) {
          game(backend, entry, seed);
        }
      }
    }
  }

  private static void game(Backend backend, LossEntry entry, int seed) {
    try (var arrangement = new LossArrangements(backend, entry, Map.of(), N, K, 1, seed);
        Matrix mask = backend.zeros(DType.F64, N, N);
        Matrix alpha = importance(arrangement, arrangement.embeddings)) {
      backend.fill(1, mask);
      backend.shiftDiagonal(-1, mask);
      var loss = (AlphaLoss) arrangement.loss;
      double value = arrangement.value(arrangement.embeddings);
      double game = energy(backend, alpha, arrangement.embeddings, false) + loss.conjugate(alpha, mask);
      assertEquals(value, -game, 1e-10 * Math.max(1, Math.abs(value)), entry.name());
      double[] best = alpha.toArray();
      var random = new Random(seed);
      for (int trial = 0; trial < 100; trial++) {
        alpha.copyFrom(perturbed(best, entry.name(), random));
        double other = energy(backend, alpha, arrangement.embeddings, false) + loss.conjugate(alpha, mask);
        assertTrue(other >= game - 1e-12 * Math.max(1, Math.abs(game)), entry.name() + ": " + other + " < " + game);
      }
    }
  }

  /** An alpha that stays where F* is finite: in the simplex, the box, or below row sums of 1. */
  private static double[] perturbed(double[] alpha, String name, Random random) {
    double[] moved = alpha.clone();
    for (int i = 0; i < N; i++) {
      double before = 0;
      double after = 0;
      for (int j = i * N; j < (i + 1) * N; j++) {
        before += alpha[j];
        moved[j] = switch (name) {
          case "alpha-triplet" -> Math.clamp(alpha[j] + .3 * random.nextGaussian(), 0, j == i * N + i ? 0 : 1);
          case "alpha-triplet-contrastive" -> alpha[j];
          default -> alpha[j] * Math.exp(.3 * random.nextGaussian());
        };
        after += moved[j];
      }
      if (!name.startsWith("alpha-triplet") && !name.equals("alpha-lifted") && after > 0) {
        // MINE's rows sum to 1; the others' sums may shrink.
        double sum = name.equals("alpha-mine") ? 1 : before * (1 - .2 * random.nextDouble());
        for (int j = i * N; j < (i + 1) * N; j++) {
          moved[j] *= sum / after;
        }
      }
    }
    return moved;
  }

  /**
   * A5: rows sum to the budget, and are stationary: D_ij plus the regulariser's slope is one number where alpha > 0,
   * and no smaller where alpha is 0.
   */
  @EveryBackend
  void theMinPlayerIsStationary(Backend backend) {
    for (double tau : new double[] {.1, .5, 2}) {
      for (double budget : new double[] {1, .6}) {
        stationary(backend, AlphaLoss.entropy(tau, budget), budget, a -> tau * Math.log(a));
        stationary(backend, AlphaLoss.square(tau, budget), budget, a -> tau * a);
        for (double gamma : new double[] {.5, 2, 4}) {
          stationary(backend, AlphaLoss.inverse(tau, budget, gamma, false), budget, a -> -tau * Math.pow(a, -gamma));
        }
      }
    }
  }

  private static void stationary(Backend backend, AlphaLoss loss, double budget, DoubleUnaryOperator slope) {
    var random = new Random(5);
    double[] x = random.doubles(2 * N * K).map(_ -> .7 * random.nextGaussian()).toArray();
    try (Matrix embeddings = backend.matrix(2 * N, K, x);
        Matrix alpha = backend.zeros(DType.F64, N, N);
        AlphaEvaluation evaluation = loss.evaluation(backend, DType.F64, N, K)) {
      evaluation.importance(embeddings, alpha);
      double[] weights = alpha.toArray();
      for (int i = 0; i < N; i++) {
        double sum = 0;
        double least = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        double leastIdle = Double.POSITIVE_INFINITY;
        for (int j = 0; j < N; j++) {
          double weight = weights[i * N + j];
          sum += weight;
          double multiplier = slope.applyAsDouble(weight) - advantage(x, i, j);
          if (weight > 0) {
            least = Math.min(least, multiplier);
            largest = Math.max(largest, multiplier);
          } else if (j != i) {
            leastIdle = Math.min(leastIdle, multiplier);
          }
        }
        assertEquals(budget, sum, 1e-13, loss + " budget");
        assertTrue(leastIdle >= largest - 1e-10, loss + ": " + leastIdle + " " + largest);
        assertTrue(largest - least <= 1e-10 * Math.max(1, Math.abs(largest)), loss + ": " + least + " " + largest);
      }
    }
  }

  @EveryBackend
  void ofOnesOwnFunctionsIsAsOfTheTables(Backend backend) {
    var functions = new PairFunctions(x -> .5 * Math.log(1 + x), x -> .5 / (1 + x), u -> Math.exp(u / .5),
        u -> Math.exp(u / .5) / .5);
    var random = new Random(9);
    try (Matrix x = backend.matrix(2 * N, K,
            random.doubles(2 * N * K).map(_ -> random.nextGaussian()).toArray());
        Matrix expected = backend.zeros(DType.F64, 2 * N, K);
        Matrix actual = backend.zeros(DType.F64, 2 * N, K);
        var own = AlphaLoss.of("own", functions).evaluation(backend, DType.F64, N, K);
        var table = AlphaLoss.infoNce(.5, 1).evaluation(backend, DType.F64, N, K)) {
      assertEquals(table.evaluate(x, expected), own.evaluate(x, actual), 1e-12);
      assertArrayEquals(expected.toArray(), actual.toArray(), 1e-12);
    }
  }
}
