package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.optimize.Objective;
import io.contraspectra.core.random.RandomStreams;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What gmm.md 3 proves of the population losses, on random mixtures. */
class InfoNcePropertiesTest {

  private static final double[] DELTAS = {1, 0.5, 0.1};

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void minimisersStayInTheFisherSubspace(@ForAll @IntRange(min = 2, max = 4) int components,
      @ForAll @IntRange(min = 0, max = 2) int delta, @ForAll @IntRange(min = 1, max = 4) int dimensions,
      @ForAll @IntRange(min = 0, max = 10_000) int seed) {
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        var mixture = Mixtures.random(backend, components, 5, true, seed);
        Matrix start = Mixtures.normal(backend, dimensions, 5, RandomStreams.of(seed).named("start"))) {
      backend.scale(0.1, start);
      try (var fit = InfoNceMinimiser.minimise(mixture, DELTAS[delta], start);
          Matrix m = Mixtures.gram(backend, fit.a());
          Matrix fisher = MixtureSubspaces.fisher(mixture)) {
        double outside = Mixtures.outside(backend, fisher, m);
        assertTrue(outside <= (dimensions < components ? 1e-6 : 1e-4), outside + " " + fit.result());
      }
    }
  }

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void lossesDoNotSeeInvertibleMaps(@ForAll TestBackend kind, @ForAll @IntRange(min = 1, max = 4) int components,
      @ForAll @IntRange(min = 0, max = 10_000) int seed) {
    var random = RandomStreams.of(seed).named("map");
    try (Backend backend = kind.open();
        var mixture = Mixtures.random(backend, components, 4, true, seed);
        Matrix map = Mixtures.normal(backend, 4, 4, random);
        Matrix a = Mixtures.normal(backend, 2, 4, random)) {
      backend.shiftDiagonal(4, map);
      try (var image = mixture.mapped(map);
          Matrix scratch = backend.zeros(DType.F64, 2, 4);
          var here = new PopulationInfoNce(mixture, 0.6);
          var there = new PopulationInfoNce(image, 0.6)) {
        moderate(image, a);
        // z = A(Rx) = (AR)x.
        try (Matrix pulled = Products.of(backend, NO, NO, a, map)) {
          assertEquals(here.evaluate(pulled, scratch), there.evaluate(a, scratch), 1e-12);
        }
      }
    }
  }

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void gradientsAreFiniteDifferences(@ForAll TestBackend kind, @ForAll @IntRange(min = 1, max = 3) int components,
      @ForAll boolean shared, @ForAll @IntRange(min = 0, max = 10_000) int seed) {
    try (Backend backend = kind.open();
        var mixture = Mixtures.random(backend, components, 3, shared, seed);
        Matrix a = Mixtures.normal(backend, 2, 3, RandomStreams.of(seed).named("point"))) {
      moderate(mixture, a);
      if (shared) {
        try (var loss = new PopulationInfoNce(mixture, 0.7)) {
          assertGradient(backend, loss, a);
        }
      }
      try (var loss = new UnequalInfoNce(mixture, 0.7, 2)) {
        assertGradient(backend, loss, a);
      }
    }
  }

  /** Scales A to {@code ‖ATAᵀ‖ = 0.2}: quadrature is exact to rounding only for small embeddings (gmm.md 8.2). */
  private static void moderate(GaussianMixture mixture, Matrix a) {
    Backend backend = mixture.backend();
    try (Matrix total = mixture.total();
        Matrix half = Products.of(backend, NO, NO, a, total);
        Matrix spread = Products.of(backend, NO, YES, half, a)) {
      backend.scale(Math.sqrt(0.2 / backend.norm(spread)), a);
    }
  }

  @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
  void clipGradientsAreFiniteDifferences(@ForAll TestBackend kind, @ForAll @IntRange(min = 0, max = 10_000) int seed) {
    try (Backend backend = kind.open();
        var mixture = clip(backend, seed);
        Matrix m = Mixtures.normal(backend, 4, 3, RandomStreams.of(seed).named("point"));
        Matrix images = mixture.images().total();
        Matrix texts = mixture.texts().total();
        Matrix left = Products.of(backend, NO, NO, images, m);
        Matrix right = Products.of(backend, NO, NO, m, texts);
        var loss = new PopulationClip(mixture)) {
      // As moderate() does: to the size 0.2 of the map between white modalities.
      backend.scale(0.2 / Math.sqrt(backend.dot(left, right)), m);
      assertGradient(backend, loss, m);
    }
  }

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
  void eachModalityStaysInItsFisherSubspace(@ForAll @IntRange(min = 0, max = 10_000) int seed) {
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        var mixture = clip(backend, seed);
        var fit = PopulationClip.minimise(mixture);
        Matrix transposed = backend.zeros(DType.F64, 3, 4);
        Matrix images = MixtureSubspaces.fisher(mixture.images());
        Matrix texts = MixtureSubspaces.fisher(mixture.texts())) {
      backend.transpose(fit.a(), transposed);
      assertTrue(Mixtures.outside(backend, images, fit.a()) <= 1e-6, fit.result().toString());
      assertTrue(Mixtures.outside(backend, texts, transposed) <= 1e-6, fit.result().toString());
    }
  }

  /** Four images of three texts, every text the partner of one image or two. */
  private static ClipMixture clip(Backend backend, int seed) {
    try (Matrix joint = backend.matrix(4, 3, .2, .02, .03, .01, .2, .04, .05, .02, .18, .15, .05, .05);
        var images = Mixtures.random(backend, 4, 4, true, seed);
        var texts = Mixtures.random(backend, 3, 3, true, seed + 1)) {
      return new ClipMixture(backend, joint, images.centredMeans(), images.covariance(0), texts.centredMeans(),
          texts.covariance(0));
    }
  }

  private static void assertGradient(Backend backend, Objective loss, Matrix at) {
    try (Matrix gradient = backend.zeros(DType.F64, at.rows(), at.cols());
        Matrix scratch = backend.zeros(DType.F64, at.rows(), at.cols());
        Matrix moved = backend.copyOf(at, DType.F64)) {
      loss.evaluate(at, gradient);
      double[] expected = gradient.toArray();
      double[] point = at.toArray();
      double h = 1e-4;
      for (int i = 0; i < point.length; i++) {
        double numeric = 0;
        for (int side = -1; side <= 1; side += 2) {
          double[] shifted = point.clone();
          shifted[i] += side * h;
          moved.copyFrom(shifted);
          numeric += side * loss.evaluate(moved, scratch) / (2 * h);
        }
        assertEquals(numeric, expected[i], 1e-6 * Math.max(1, backend.maxAbs(gradient)), "entry " + i);
      }
    }
  }

  @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
  void mappedMixturesHaveMappedMoments(@ForAll TestBackend kind, @ForAll boolean shared,
      @ForAll @IntRange(min = 0, max = 10_000) int seed) {
    try (Backend backend = kind.open();
        var mixture = Mixtures.random(backend, 3, 4, shared, seed);
        Matrix map = Mixtures.normal(backend, 2, 4, RandomStreams.of(seed).named("map"));
        var image = mixture.mapped(map);
        Matrix total = mixture.total();
        Matrix actual = image.total();
        Matrix half = Products.of(backend, NO, NO, map, total);
        Matrix expected = Products.of(backend, NO, YES, half, map)) {
      assertEquals(0, backend.distance(expected, actual), 1e-12 * backend.norm(expected));
    }
  }
}
