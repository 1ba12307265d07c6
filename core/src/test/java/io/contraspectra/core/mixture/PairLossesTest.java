package io.contraspectra.core.mixture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.random.RandomStreams;
import org.junit.jupiter.api.Test;

/** Batch losses on pairs: against the plain double sum, over several blocks, and what they find. */
class PairLossesTest {

  private static final int D = 4;
  private static final int R = 2;

  /** 700 pairs are 16 blocks of rows in 8 groups, the last of both shorter. */
  @EveryBackend
  void blocksAddUpToTheDoubleSum(Backend backend) {
    int n = 700;
    try (var mixture = Mixtures.random(backend, 3, D, true, 3);
        var pairs = mixture.pairs(n, 0.8, RandomStreams.of(1).named("pairs"));
        Matrix a = Mixtures.normal(backend, R, D, RandomStreams.of(1).named("map"));
        Matrix gradient = backend.zeros(DType.F64, R, D);
        var loss = new PairInfoNce(backend, pairs.x(), pairs.positives(), R)) {
      backend.scale(0.3, a);
      double value = loss.evaluate(a, gradient);
      double[] expected = new double[R * D];
      assertEquals(doubleSum(pairs.x().toArray(), pairs.positives().toArray(), a.toArray(), n, expected), value,
          1e-12);
      assertArrayEquals(expected, gradient.toArray(), 1e-13);
    }
  }

  /** The loss as it is written, and {@code A Σ_ij E_ij (x_i x̂_jᵀ + x̂_j x_iᵀ)}. */
  private static double doubleSum(double[] x, double[] y, double[] a, int n, double[] gradient) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double[] z = map(a, x, i);
      var s = new double[n];
      double total = 0;
      for (int j = 0; j < n; j++) {
        double[] w = map(a, y, j);
        s[j] = z[0] * w[0] + z[1] * w[1];
        total += Math.exp(s[j]);
      }
      sum += Math.log(total / n) - s[i];
      for (int j = 0; j < n; j++) {
        double e = (Math.exp(s[j]) / total - (i == j ? 1 : 0)) / n;
        double[] w = map(a, y, j);
        for (int k = 0; k < R * D; k++) {
          gradient[k] += e * (z[k / D] * y[j * D + k % D] + w[k / D] * x[i * D + k % D]);
        }
      }
    }
    return sum / n;
  }

  private static double[] map(double[] a, double[] x, int row) {
    var z = new double[R];
    for (int k = 0; k < R * D; k++) {
      z[k / D] += a[k] * x[row * D + k % D];
    }
    return z;
  }

  @Test
  void theNumberOfThreadsDoesNotMatter() {
    double[][] fits = new double[2][];
    for (int i = 0; i < 2; i++) {
      try (Backend backend = Backends.select("auto", 1 + 2 * i);
          var mixture = Mixtures.random(backend, 3, D, true, 3);
          var pairs = mixture.pairs(1000, 1, RandomStreams.of(1).named("pairs"));
          Matrix a = Mixtures.normal(backend, R, D, RandomStreams.of(1).named("map"));
          Matrix gradient = backend.zeros(DType.F64, R, D);
          var loss = new PairInfoNce(backend, pairs.x(), pairs.positives(), R)) {
        double value = loss.evaluate(a, gradient);
        assertTrue(Double.isFinite(value));
        fits[i] = gradient.toArray();
      }
    }
    assertArrayEquals(fits[0], fits[1], "gradients are the same to the bit");
  }

  /** Where PCA finds noise, pairs find the Fisher subspace: pancakes with noise of variance 25 in two directions. */
  @EveryBackend
  void fitsFindTheFisherSubspace(Backend backend) {
    double h = 2.5 * Math.sqrt(3) / 2;
    try (Matrix means = backend.matrix(3, D, 2.5, 0, 0, 0, -1.25, h, 0, 0, -1.25, -h, 0, 0);
        Matrix covariance = backend.matrix(D, D, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 25, 0, 0, 0, 0, 25);
        var mixture = GaussianMixture.shared(backend, new double[] {.3, .3, .4}, means, covariance);
        var pairs = mixture.pairs(400, 1, RandomStreams.of(4).named("pairs"));
        Matrix fisher = MixtureSubspaces.fisher(mixture);
        Matrix principal = MixtureSubspaces.principal(mixture, 2);
        var infoNce = PairInfoNce.fit(backend, pairs.x(), pairs.positives(), R, 1e-6);
        var clip = PairClip.fit(backend, pairs.x(), pairs.positives(), R, 1e-6);
        var cca = PairCca.fit(backend, pairs.x(), pairs.positives(), R)) {
      assertTrue(infoNce.result().converged() && infoNce.result().iterations() <= 14, infoNce.result().toString());
      assertTrue(sine(backend, fisher, infoNce.a()) <= 0.1);
      assertTrue(clip.result().converged(), clip.result().toString());
      assertTrue(sine(backend, fisher, clip.first()) <= 0.1 && sine(backend, fisher, clip.second()) <= 0.1);
      assertTrue(sine(backend, fisher, cca.directions()) <= 0.1);
      assertTrue(Subspaces.compare(backend, fisher, principal).spectral() > 0.99, "PCA finds the noise");
    }
  }

  private static double sine(Backend backend, Matrix subspace, Matrix a) {
    try (Matrix columns = backend.zeros(DType.F64, a.cols(), a.rows())) {
      backend.transpose(a, columns);
      return Subspaces.compare(backend, subspace, columns).spectral();
    }
  }

  @EveryBackend
  void pairsThatDoNotFit(Backend backend) {
    try (Matrix x = backend.zeros(DType.F64, 6, 3);
        Matrix y = backend.zeros(DType.F64, 6, 2);
        Matrix few = backend.zeros(DType.F64, 3, 3);
        Matrix a = backend.zeros(DType.F64, 2, 2)) {
      assertThrows(ShapeMismatch.class, () -> PairInfoNce.fit(backend, x, y, 1, 1e-6));
      assertThrows(ShapeMismatch.class, () -> PairClip.fit(backend, x, few, 1, 1e-6));
      assertThrows(ShapeMismatch.class, () -> new PairInfoNce(backend, x, y, 1));
      assertThrows(ShapeMismatch.class, () -> new PairClip(backend, x, few, 1));
      assertTrue(assertThrows(InvalidArgument.class, () -> PairInfoNce.fit(backend, few, few, 1, 1e-6)).getMessage()
          .contains("3 pairs in 3 dimensions; the loss has no minimum"));
      assertThrows(InvalidArgument.class, () -> PairInfoNce.fit(backend, x, x, 4, 1e-6));
      assertTrue(assertThrows(InvalidArgument.class, () -> PairCca.fit(backend, x, x, 1)).getMessage()
          .contains("the data do not vary"));
      try (var loss = new PairInfoNce(backend, x, x, 2)) {
        assertThrows(ShapeMismatch.class, () -> loss.evaluate(a, a));
      }
    }
  }
}
