package io.contraspectra.core.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Samples that take more than one block of rows, and what many more would take. */
class LossBlocksTest {

  private static final int N = 800;
  private static final int K = 3;
  private static final double TAU = .5;
  private static final Map<String, String> CONSTANTS = Map.of("tau", "0.5");

  @Test
  void valuesAreThoseOfPlainSums() {
    assertTrue(RowBlocks.of(N, N).height() < N, "these are meant to be several blocks");
    check("infonce-dot", Map.of(), z -> infoNce(z, 0, N));
    check("clip-cos", Map.of(), z -> (infoNce(unit(z), 0, N) + infoNce(unit(z), N, 0)) / 2);
    check("ntxent", Map.of(), z -> ntXent(unit(z)));
    check("cos-infonce", Map.of(), z -> tripletInfoNce(unit(z)));
    check("alpha-infonce", Map.of(), z -> alphaInfoNce(z, N));
    check("alpha-infonce", Map.of("two-views", "true"), z -> alphaInfoNce(z, 2 * N));
  }

  @Test
  void gradientsAreDerivativesAcrossBlocks() {
    for (String name : new String[] {"infonce-dot", "clip-cos", "ntxent", "cos-infonce", "alpha-infonce",
        "graph-infonce-cos", "graph-infonce-dist", "graph-simclr-sq"}) {
      try (Backend backend = TestBackend.CPU_VECTOR.open();
          var arrangement = new LossArrangements(backend, Losses.entry(name), Map.of(), N, K, 1, 2)) {
        double[] x = arrangement.embeddings;
        var random = new Random(3);
        double[] v = random.doubles(x.length).map(_ -> random.nextGaussian()).toArray();
        double numeric = (arrangement.value(LossArrangements.moved(x, 1e-5, v))
            - arrangement.value(LossArrangements.moved(x, -1e-5, v))) / 2e-5;
        double analytic = LossArrangements.dot(arrangement.evaluate(x).gradient(), v);
        assertEquals(numeric, analytic, 1e-6 * Math.max(1, Math.abs(numeric)), name);
      }
    }
  }

  /** 65 536 views of 64 dimensions take less than a GiB, where their logits alone would take 16 GiB. */
  @Test
  void manyViewsFitIntoAStatedBudget() {
    long budget = 1L << 30;
    for (String name : new String[] {"ntxent", "clip-cos", "infonce-cos", "cos-infonce", "alpha-infonce"}) {
      Loss loss = Losses.named(name, Map.of());
      long bytes = loss.workspaceBytes(DType.F32, 65_536 / loss.blocks(), 64);
      assertTrue(bytes < budget, name + " takes " + bytes + " bytes");
    }
  }

  private static void check(String name, Map<String, String> more, ToDoubleFunction<double[][]> sum) {
    var constants = new HashMap<>(CONSTANTS);
    constants.putAll(more);
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        var arrangement = new LossArrangements(backend, Losses.entry(name), constants, N, K, 1, 1)) {
      double expected = sum.applyAsDouble(rows(arrangement.embeddings));
      double actual = arrangement.value(arrangement.embeddings);
      assertEquals(expected, actual, 1e-11 * Math.abs(expected), name);
    }
  }

  private static double infoNce(double[][] z, int anchors, int candidates) {
    return mean(N, i -> crossEntropy(N, j -> dot(z[anchors + i], z[candidates + j]) / TAU, i));
  }

  private static double ntXent(double[][] z) {
    return mean(2 * N, i -> crossEntropy(2 * N,
        j -> j == i ? Double.NEGATIVE_INFINITY : dot(z[i], z[j]) / TAU, (i + N) % (2 * N)));
  }

  private static double tripletInfoNce(double[][] z) {
    return mean(N, i -> crossEntropy(N + 1, j -> dot(z[i], j == N ? z[N + i] : z[2 * N + j]) / TAU, N));
  }

  /** tau Σ_i log(1 + Σ_j exp(u_ij/tau)), over all but i, and its partner where both views are anchors. */
  private static double alphaInfoNce(double[][] z, int anchors) {
    return TAU * anchors * mean(anchors, i -> {
      double positive = halfSquaredDistance(z[i], z[(i + N) % (2 * N)]);
      return crossEntropy(anchors + 1, j -> {
        if (j == anchors) {
          return 0.0;
        }
        boolean negative = j != i && (anchors == N || j != (i + N) % (2 * N));
        return negative ? (positive - halfSquaredDistance(z[i], z[j])) / TAU : Double.NEGATIVE_INFINITY;
      }, anchors);
    });
  }

  private static double mean(int count, IntFunction<Double> term) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += term.apply(i);
    }
    return sum / count;
  }

  private static double crossEntropy(int count, IntFunction<Double> logit, int target) {
    double sum = 0;
    double aim = logit.apply(target);
    for (int j = 0; j < count; j++) {
      sum += Math.exp(logit.apply(j) - aim);
    }
    return Math.log(sum);
  }

  private static double[][] rows(double[] values) {
    var rows = new double[values.length / K][K];
    for (int i = 0; i < values.length; i++) {
      rows[i / K][i % K] = values[i];
    }
    return rows;
  }

  private static double[][] unit(double[][] rows) {
    var unit = new double[rows.length][K];
    for (int i = 0; i < rows.length; i++) {
      double norm = Math.sqrt(dot(rows[i], rows[i]));
      for (int k = 0; k < K; k++) {
        unit[i][k] = rows[i][k] / norm;
      }
    }
    return unit;
  }

  private static double dot(double[] x, double[] y) {
    return LossArrangements.dot(x, y);
  }

  private static double halfSquaredDistance(double[] x, double[] y) {
    return LossArrangements.dot(LossArrangements.moved(x, -1, y), LossArrangements.moved(x, -1, y)) / 2;
  }
}
