package io.contraspectra.core.loss;

import static io.contraspectra.core.loss.ExactSimilarities.crossEntropy;
import static io.contraspectra.core.loss.ExactSimilarities.dot;
import static io.contraspectra.core.loss.ExactSimilarities.over;
import static io.contraspectra.core.loss.ExactSimilarities.rows;
import static io.contraspectra.core.loss.ExactSimilarities.squaredDistance;
import static io.contraspectra.core.loss.ExactSimilarities.unit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import java.math.BigDecimal;
import java.util.Map;

/** Inputs scaled by 40 and temperatures down to 0.002, against sixty-digit logits. */
class LossStabilityTest {

  private static final int N = 7;
  private static final int K = 3;
  private static final Map<String, String> COLD = Map.of("tau", "0.002");

  @EveryBackend
  void similaritiesAtLowTemperatures(Backend backend) {
    similarities(backend, N, 40, .002);
  }

  private static void similarities(Backend backend, int n, double scale, double tau) {
    Map<String, String> constants = Map.of("tau", Double.toString(tau));
    try (var dot = new LossArrangements(backend, Losses.entry("infonce-dot"), constants, n, K, scale, 1);
        var cos = new LossArrangements(backend, Losses.entry("infonce-cos"), constants, n, K, scale, 1);
        var clip = new LossArrangements(backend, Losses.entry("clip-cos"), constants, n, K, scale, 1);
        var ntxent = new LossArrangements(backend, Losses.entry("ntxent"), constants, n, K, scale, 1);
        var triplet = new LossArrangements(backend, Losses.entry("cos-infonce"), constants, n, K, scale, 1)) {
      BigDecimal[][] z = rows(dot.embeddings, K);
      assertClose(infoNce(z, n, tau, 0, n), dot);
      BigDecimal[][] u = unit(z);
      assertClose(infoNce(u, n, tau, 0, n), cos);
      assertClose((infoNce(u, n, tau, 0, n) + infoNce(u, n, tau, n, 0)) / 2, clip);
      assertClose(ntXent(u, n, tau), ntxent);
      assertClose(tripletInfoNce(unit(rows(triplet.embeddings, K)), n, tau), triplet);
    }
  }

  private static double infoNce(BigDecimal[][] z, int n, double tau, int anchors, int candidates) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      var logits = new BigDecimal[n];
      for (int j = 0; j < n; j++) {
        logits[j] = over(dot(z[anchors + i], z[candidates + j]), tau);
      }
      sum += crossEntropy(logits, logits[i]);
    }
    return sum / n;
  }

  private static double ntXent(BigDecimal[][] z, int n, double tau) {
    double sum = 0;
    for (int i = 0; i < 2 * n; i++) {
      var logits = new BigDecimal[2 * n];
      for (int j = 0; j < 2 * n; j++) {
        logits[j] = j == i ? null : over(dot(z[i], z[j]), tau);
      }
      sum += crossEntropy(logits, logits[(i + n) % (2 * n)]);
    }
    return sum / (2 * n);
  }

  private static double tripletInfoNce(BigDecimal[][] z, int n, double tau) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      var logits = new BigDecimal[n + 1];
      logits[n] = over(dot(z[i], z[n + i]), tau);
      for (int j = 0; j < n; j++) {
        logits[j] = over(dot(z[i], z[2 * n + j]), tau);
      }
      sum += crossEntropy(logits, logits[n]);
    }
    return sum / n;
  }

  @EveryBackend
  void distancesAtLowTemperatures(Backend backend) {
    distances(backend, N, 40, .002);
  }

  private static void distances(Backend backend, int n, double scale, double tau) {
    Map<String, String> constants = Map.of("tau", Double.toString(tau));
    try (var single = new LossArrangements(backend, Losses.entry("alpha-infonce"), constants, n, K, scale, 2);
        var views = new LossArrangements(backend, Losses.entry("alpha-infonce"),
            Map.of("tau", Double.toString(tau), "two-views", "true"), n, K, scale, 2)) {
      BigDecimal[][] z = rows(single.embeddings, K);
      assertClose(alphaInfoNce(z, n, n, tau), single);
      assertClose(alphaInfoNce(z, n, 2 * n, tau), views);
    }
  }

  /** tau Σ_i log(1 + Σ_j exp(u_ij/tau)), over all but i, and its partner where both views are anchors. */
  private static double alphaInfoNce(BigDecimal[][] z, int n, int anchors, double tau) {
    double sum = 0;
    for (int i = 0; i < anchors; i++) {
      BigDecimal positive = squaredDistance(z[i], z[(i + n) % (2 * n)]);
      var logits = new BigDecimal[anchors + 1];
      logits[anchors] = BigDecimal.ZERO;
      for (int j = 0; j < anchors; j++) {
        boolean negative = j != i && (anchors == n || j != (i + n) % (2 * n));
        logits[j] = negative ? over(positive.subtract(squaredDistance(z[i], z[j])), 2 * tau) : null;
      }
      sum += tau * crossEntropy(logits, BigDecimal.ZERO);
    }
    return sum;
  }

  private static void assertClose(double expected, LossArrangements arrangement) {
    double actual = arrangement.value(arrangement.embeddings);
    assertEquals(expected, actual, 1e-12 * Math.abs(expected), arrangement.loss.name());
  }

  /** Where a temperature, a slope or an exponent leaves nothing but zeros and ones, numbers stay numbers. */
  @EveryBackend
  void everyLossStaysFinite(Backend backend) {
    for (LossEntry entry : Losses.catalogue()) {
      boolean tempered = entry.parameters().stream().anyMatch(parameter -> parameter.name().equals("tau"));
      // exp(m) of triplets leaves the range of numbers by definition.
      if (!entry.name().endsWith("-exp")) {
        try (var arrangement =
            new LossArrangements(backend, entry, tempered ? COLD : Map.of(), N, K, 40, 3)) {
          var at = arrangement.evaluate(arrangement.embeddings);
          assertTrue(Double.isFinite(at.value()), entry.name() + ": " + at.value());
          for (double g : at.gradient()) {
            assertTrue(Double.isFinite(g), entry.name() + ": gradient " + g);
          }
        }
      }
    }
  }

  @EveryBackend
  void rowsWithoutDirectionHaveGradientZero(Backend backend) {
    for (String name : new String[] {"infonce-cos", "ntxent", "clip-cos", "simsiam-cos", "graph-infonce-cos"}) {
      try (var arrangement = new LossArrangements(backend, Losses.entry(name), Map.of(), N, K, 1, 4)) {
        double[] x = arrangement.embeddings.clone();
        for (int k = 0; k < K; k++) {
          x[2 * K + k] = 0;
        }
        var at = arrangement.evaluate(x);
        assertTrue(Double.isFinite(at.value()), name);
        assertTrue(arrangement.evaluation.zeroRows() > 0, name);
        for (int k = 0; k < K; k++) {
          assertEquals(0, Math.abs(at.gradient()[2 * K + k]), name);
        }
      }
    }
  }

  @EveryBackend
  void distancesFarFromTheOriginKeepTheirDigits(Backend backend) {
    try (var arrangement = new LossArrangements(backend, Losses.entry("alpha-infonce"), Map.of(), N, K, 1, 5)) {
      double[] x = arrangement.embeddings.clone();
      for (int i = 0; i < x.length; i++) {
        // On a coarse grid, so that the shift itself rounds nothing.
        x[i] = Math.rint(x[i] * 1024) / 1024;
      }
      double[] shifted = x.clone();
      for (int i = 0; i < x.length; i++) {
        shifted[i] += 1 << 20;
      }
      double expected = arrangement.value(x);
      assertEquals(expected, arrangement.value(shifted), 1e-12 * Math.abs(expected));
    }
  }
}
