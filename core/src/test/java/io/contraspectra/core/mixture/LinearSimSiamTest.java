package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.random.RandomStreams;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fixed points of linear SimSiam: amplitudes, bistability, the Fisher subspace (gmm.md 4, 9). */
class LinearSimSiamTest {

  private static final int D = 4;
  private static final int STEPS = 100_000;

  /** Balanced starts below their threshold collapse, each direction by itself. */
  @ParameterizedTest
  @CsvSource({"0.03, 0.58284271, 0.37320508", "0.02, 0.58284271, 0", "0.01, 0, 0"})
  void bistability(double start, double first, double second) {
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        Matrix cross = backend.matrix(2, 2, 0.6, 0, 0, 0.4);
        Matrix total = Mixtures.identity(backend, 2);
        Matrix a = Mixtures.identity(backend, 2)) {
      backend.scale(start, a);
      try (var flow = new LinearSimSiam(backend, cross, total, 0.01, a, a)) {
        flow.settle(0.3, 1e-12, STEPS);
        assertArrayEquals(new double[] {first, 0, 0, second}, flow.encoder().toArray(), 1e-8);
        assertArrayEquals(new double[] {first, 0, 0, second}, flow.predictor().toArray(), 1e-8);
      }
    }
    assertEquals(first == 0 ? 0.58284271 : first, LinearSimSiam.amplitude(0.6, 0.01), 1e-8);
    assertEquals(.0172, LinearSimSiam.threshold(0.6, 0.01), 5e-5);
    assertEquals(.0268, LinearSimSiam.threshold(0.4, 0.01), 5e-5);
    assertEquals(0, LinearSimSiam.amplitude(0.19, 0.01));
    assertEquals(Double.POSITIVE_INFINITY, LinearSimSiam.threshold(0.19, 0.01));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4})
  void whiteDataFindTheFisherSubspaceAtTheAmplitudes(long seed) {
    double decay = 1e-2;
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        GaussianMixture mixture = farApart(backend, seed);
        Matrix total = mixture.total();
        Matrix whitening = Whitening.of(backend, total);
        GaussianMixture white = mixture.mapped(whitening);
        Matrix cross = white.between();
        Matrix identity = Mixtures.identity(backend, D);
        LinearSimSiam flow = randomStart(backend, cross, identity, decay, seed);
        Matrix fisher = MixtureSubspaces.fisher(white)) {
      flow.settle(0.3, 1e-12, STEPS);
      double[] rho = LinearSimSiam.associations(mixture, 1, 2);
      var expected = new double[] {LinearSimSiam.amplitude(rho[0], decay), LinearSimSiam.amplitude(rho[1], decay)};
      assertArrayEquals(expected, singularValues(backend, flow.encoder()), 1e-8);
      assertArrayEquals(expected, singularValues(backend, flow.predictor()), 1e-8);
      assertTrue(sine(backend, fisher, flow.encoder()) <= 1e-10);
      assertBalanced(backend, flow);
    }
  }

  /** P is symmetric, and PᵀP = AAᵀ. */
  private static void assertBalanced(Backend backend, LinearSimSiam flow) {
    try (Matrix transposed = backend.zeros(DType.F64, 2, 2);
        Matrix square = Products.of(backend, YES, NO, flow.predictor(), flow.predictor());
        Matrix gram = Products.of(backend, NO, YES, flow.encoder(), flow.encoder())) {
      backend.transpose(flow.predictor(), transposed);
      assertEquals(0, backend.distance(transposed, flow.predictor()), 1e-9);
      assertEquals(0, backend.distance(square, gram), 1e-9);
    }
  }

  /** Without whitening the Fisher subspace is found only as the decay vanishes. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void rawDataComeNearerWithLessDecay(long seed) {
    try (Backend backend = TestBackend.CPU_VECTOR.open(); GaussianMixture mixture = farApart(backend, seed)) {
      double more = rawSine(mixture, 1e-2, seed);
      double less = rawSine(mixture, 1e-3, seed);
      assertTrue(less <= more / 2 && more > 1e-6, more + " falls to " + less);
    }
  }

  private static double rawSine(GaussianMixture mixture, double decay, long seed) {
    Backend backend = mixture.backend();
    try (Matrix total = mixture.total();
        Matrix cross = mixture.between();
        LinearSimSiam flow = randomStart(backend, cross, total, decay, seed);
        Matrix fisher = MixtureSubspaces.fisher(mixture)) {
      flow.settle(0.3 / 30, 1e-7, 5 * STEPS);
      return sine(backend, fisher, flow.encoder());
    }
  }

  private static GaussianMixture farApart(Backend backend, long seed) {
    try (Matrix means = backend.matrix(3, D, 3, 0, 0, 0, -1.5, 2.6, 0, 0, -1.5, -2.6, 0, 0);
        GaussianMixture random = Mixtures.random(backend, 3, D, true, seed)) {
      return GaussianMixture.shared(backend, new double[] {0.3, 0.4, 0.3}, means, random.covariance(0));
    }
  }

  private static LinearSimSiam randomStart(Backend backend, Matrix cross, Matrix total, double decay, long seed) {
    RandomGenerator random = RandomStreams.of(seed).named("start");
    try (Matrix a = Mixtures.normal(backend, 2, D, random); Matrix p = Mixtures.normal(backend, 2, 2, random)) {
      backend.scale(0.3 / Math.sqrt(D), a);
      backend.scale(0.05, p);
      backend.shiftDiagonal(0.3, p);
      return new LinearSimSiam(backend, cross, total, decay, a, p);
    }
  }

  private static double sine(Backend backend, Matrix subspace, Matrix a) {
    try (Matrix columns = backend.zeros(DType.F64, a.cols(), a.rows())) {
      backend.transpose(a, columns);
      return Subspaces.compare(backend, subspace, columns).spectral();
    }
  }

  private static double[] singularValues(Backend backend, Matrix a) {
    long r = Math.min(a.rows(), a.cols());
    try (Matrix copy = backend.copyOf(a, DType.F64);
        Matrix u = backend.zeros(DType.F64, a.rows(), r);
        Matrix s = backend.zeros(DType.F64, 1, r);
        Matrix v = backend.zeros(DType.F64, r, a.cols())) {
      backend.svd(copy, u, s, v);
      return s.toArray();
    }
  }

  @EveryBackend
  void refusesWhatDoesNotFit(Backend backend) {
    try (Matrix two = Mixtures.identity(backend, 2); Matrix three = Mixtures.identity(backend, 3)) {
      assertThrows(ShapeMismatch.class, () -> new LinearSimSiam(backend, two, two, 0.1, two, three));
      assertThrows(ShapeMismatch.class, () -> new LinearSimSiam(backend, three, two, 0.1, two, two));
      assertThrows(InvalidArgument.class, () -> new LinearSimSiam(backend, two, two, 0, two, two));
      assertThrows(InvalidArgument.class, () -> LinearSimSiam.amplitude(0.5, Double.NaN));
      try (var flow = new LinearSimSiam(backend, two, two, 0.01, two, two)) {
        assertThrows(NotConverged.class, () -> flow.settle(0.1, 1e-12, 3));
      }
    }
  }
}
