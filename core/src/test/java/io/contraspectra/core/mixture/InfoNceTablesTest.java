package io.contraspectra.core.mixture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.random.RandomStreams;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Minimisers of the population InfoNCE that gmm.md 3 gives in numbers, and what it says of small delta. */
class InfoNceTablesTest {

  private static final double TOLERANCE = 1e-7;

  @ParameterizedTest
  @CsvSource({
      "0.5, 1, .16024657,", "0.5, .5, .08003106,", "0.5, .1, .01600025,",
      "1, 1, .26259264,", "1, .5, .12661402,", "1, .1, .02501302,",
      "2, 1, .20806269, -.3642799817", "2, .5, .08498140,", "2, .1, .01603766,",
      "4, 1, .09352542,", "4, .5, .03021872,", "4, .1, .00555421,"})
  void twoComponents(double distance, double delta, double p, Double loss) {
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        Matrix means = backend.matrix(2, 2, distance, 0, -distance, 0);
        Matrix identity = Mixtures.identity(backend, 2);
        var mixture = GaussianMixture.shared(backend, new double[] {0.5, 0.5}, means, identity)) {
      assertMinimiser(mixture, delta, 1, new double[] {p, 0, 0, 0}, Optional.ofNullable(loss));
    }
  }

  @ParameterizedTest
  @CsvSource({
      "1, 1, .2235130, -.111318884", "1, .5, .1110995, -.027761933", "1, .2, .0444106, -.004441836",
      "1, .05, .0111080, -.000277725", "2.5, 1, .2079879, -.592840601", "2.5, .5, .0905808, -.140548280",
      "2.5, .2, .0359318, -.022581810", "2.5, .05, .0091137, -.001427440"})
  void triangle(double radius, double delta, double p, Double loss) {
    double h = radius * Math.sqrt(3) / 2;
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        Matrix means = backend.matrix(3, 2, radius, 0, -radius / 2, h, -radius / 2, -h);
        Matrix identity = Mixtures.identity(backend, 2);
        var mixture = GaussianMixture.shared(backend, new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, means, identity)) {
      assertMinimiser(mixture, delta, 2, new double[] {p, 0, 0, p}, Optional.of(loss));
    }
  }

  private static void assertMinimiser(
      GaussianMixture mixture, double delta, int dimensions, double[] expected, Optional<Double> loss) {
    try (var fit = InfoNceMinimiser.minimise(mixture, delta, dimensions);
        Matrix m = Mixtures.gram(mixture.backend(), fit.a())) {
      assertArrayEquals(expected, m.toArray(), TOLERANCE);
      loss.ifPresent(value -> assertEquals(value, fit.result().value(), 1e-9));
    }
  }

  /** Extreme weights and nearly collinear means: here the minimiser has rank 1 although the means span the plane. */
  @EveryBackend
  void counterExample(Backend backend) {
    double[] weights = {.00252591, .86445571, .13301839};
    try (Matrix means = backend.matrix(3, 2, 13.1528, -9.8743, .6766, -.1686, -4.6466, 1.2835);
        Matrix identity = Mixtures.identity(backend, 2);
        var mixture = GaussianMixture.shared(backend, weights, means, identity)) {
      double[] partly = eigenvalues(mixture, 0.7, -.1079294257);
      assertEquals(.0799023, partly[0], TOLERANCE);
      assertTrue(partly[1] < 1e-6, "rank 1, but the second eigenvalue is " + partly[1]);
      assertArrayEquals(new double[] {.1116014, .0162070}, eigenvalues(mixture, 1, -.2169447190), TOLERANCE);
    }
  }

  /**
   * A map with a row to spare loses it, however the processor rounds: fits from starts that differ by rounding differ
   * from their second step on. The loss sees such a row by its fourth power, for small delta against values of 1e-5.
   */
  @ParameterizedTest
  @CsvSource({"2, 1", "2, .1", "2, .01", "3, .1", "3, .01"})
  void rowsToSpareVanish(int components, double delta) {
    try (Backend backend = TestBackend.CPU_VECTOR.open()) {
      for (int seed = 0; seed < 12; seed++) {
        try (var mixture = Mixtures.random(backend, components, 8, true, seed % 4);
            Matrix start = Mixtures.normal(backend, components, 8, RandomStreams.of(seed % 4).named("start"))) {
          backend.scale(0.1 * (1 + seed * 1e-13), start);
          try (var fit = InfoNceMinimiser.minimise(mixture, delta, start);
              Matrix m = Mixtures.gram(backend, fit.a());
              EigenPairs pairs = Eigensolver.full(backend, m)) {
            double[] values = pairs.values().toArray();
            double ratio = Math.sqrt(Math.abs(values[components - 1]) / values[0]);
            assertTrue(ratio < 5e-4, "seed " + seed + ": singular value of the spare row " + ratio + " " + fit.result());
          }
        }
      }
    }
  }

  private static double[] eigenvalues(GaussianMixture mixture, double delta, double loss) {
    try (var fit = InfoNceMinimiser.minimise(mixture, delta, 2);
        Matrix m = Mixtures.gram(mixture.backend(), fit.a());
        EigenPairs pairs = Eigensolver.full(mixture.backend(), m)) {
      assertEquals(loss, fit.result().value(), 1e-8, "weights are given to 8 digits");
      return pairs.values().toArray();
    }
  }

  /** M* = δT⁻¹BT⁻¹(1 + O(δ)): the relative error halves with δ. */
  @Test
  void smallDeltaIsLinear() {
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        var mixture = Mixtures.random(backend, 3, 5, true, 7)) {
      double previous = linearisationError(mixture, 0.1);
      assertTrue(linearisationError(mixture, 0.05) <= 0.03);
      assertEquals(0.5, linearisationError(mixture, 0.05) / previous, 0.05);
    }
  }

  private static double linearisationError(GaussianMixture mixture, double delta) {
    Backend backend = mixture.backend();
    try (var fit = InfoNceMinimiser.minimise(mixture, delta, mixture.components());
        Matrix m = Mixtures.gram(backend, fit.a());
        Matrix linear = InfoNceMinimiser.linearised(mixture, delta)) {
      return backend.distance(m, linear) / backend.norm(linear);
    }
  }

  /** Means that say nothing leave nothing to learn, whatever the covariances: M* = 0 and L(0) = 0. */
  @EveryBackend
  void equalMeansTeachNothing(Backend backend) {
    try (Matrix means = backend.zeros(DType.F64, 2, 3);
        Matrix first = Mixtures.identity(backend, 3);
        Matrix second = backend.matrix(3, 3, 1, 0.8, 0, 0.8, 2, 0, 0, 0, 4);
        var mixture = GaussianMixture.of(backend, new double[] {0.3, 0.7}, means, List.of(first, second));
        Matrix start = Mixtures.normal(backend, 2, 3, RandomStreams.of(3).named("start"))) {
      backend.scale(0.2, start);
      try (var fit = InfoNceMinimiser.minimise(mixture, 1, start); Matrix m = Mixtures.gram(backend, fit.a())) {
        assertEquals(0, fit.result().value(), 1e-9);
        assertTrue(backend.maxAbs(m) <= 1e-4, "largest entry of M " + backend.maxAbs(m));
      }
    }
  }

  @EveryBackend
  void noMapHasNoLoss(Backend backend) {
    try (var mixture = Mixtures.random(backend, 4, 5, true, 1);
        Matrix zero = backend.zeros(DType.F64, 5, 5);
        Matrix gradient = backend.zeros(DType.F64, 5, 5);
        Matrix between = mixture.between();
        var loss = new PopulationInfoNce(mixture, 0.4)) {
      assertEquals(0, loss.atM(zero, gradient), 1e-14);
      backend.add(0.4, between, 1, gradient);
      assertEquals(0, backend.maxAbs(gradient), 1e-13, "the gradient at 0 is -delta B");
    }
  }
}
