package io.contraspectra.core.mixture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.random.RandomStreams;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mixture is made of, what it gives, and what it refuses. */
class GaussianMixtureTest {

  private static final double[] HALVES = {0.5, 0.5};

  /** Sample moments of 200 000 pairs against the model's, within about 5 standard errors. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pairsHaveTheMomentsOfTheModel(boolean shared) {
    int n = 200_000;
    double delta = 0.6;
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        var mixture = Mixtures.random(backend, 3, 3, shared, 5);
        var pairs = mixture.pairs(n, delta, RandomStreams.of(2).named("pairs"));
        Matrix mean = PairMoments.commonMean(backend, pairs.x(), pairs.positives());
        Matrix x = PairMoments.shifted(backend, pairs.x(), mean);
        Matrix y = PairMoments.shifted(backend, pairs.positives(), mean);
        Matrix total = mixture.total();
        Matrix between = mixture.between();
        Matrix second = PairMoments.pooled(backend, x, y);
        Matrix cross = PairMoments.symmetricMoment(backend, x, y)) {
      double scale = backend.norm(total);
      assertEquals(0, backend.distance(total, second), 0.02 * scale);
      backend.scale(delta, between);
      assertEquals(0, backend.distance(between, cross), 0.02 * scale);
      double kept = IntStream.range(0, n).filter(i -> pairs.labels()[i] == pairs.positiveLabels()[i]).count();
      double chance = Arrays.stream(mixture.weights()).map(w -> w * w).sum();
      assertEquals(delta + (1 - delta) * chance, kept / n, 0.006);
    }
  }

  @EveryBackend
  void equalSeedsGiveEqualPairs(Backend backend) {
    try (var mixture = Mixtures.random(backend, 3, 2, false, 5);
        var first = mixture.pairs(20, 0.5, RandomStreams.of(2).named("pairs"));
        var second = mixture.pairs(20, 0.5, RandomStreams.of(2).named("pairs"))) {
      assertArrayEquals(first.positives().toArray(), second.positives().toArray());
      assertArrayEquals(first.labels(), second.labels());
    }
  }

  @EveryBackend
  void mixturesThatAreNone(Backend backend) {
    try (Matrix means = backend.matrix(2, 2, 1, 0, -1, 0);
        Matrix identity = Mixtures.identity(backend, 2);
        Matrix singular = backend.matrix(2, 2, 1, 1, 1, 1);
        Matrix skew = backend.matrix(2, 2, 1, 0.5, 0, 1);
        Matrix three = Mixtures.identity(backend, 3);
        Matrix nan = backend.matrix(2, 2, 1, 0, Double.NaN, 0)) {
      for (double[] weights : List.of(new double[] {0.5, 0.6}, new double[] {1, 0}, new double[] {1.5, -0.5},
          new double[] {Double.NaN, 0.5}, new double[] {})) {
        assertMessage(InvalidArgument.class, "they must be positive and sum to 1",
            () -> GaussianMixture.shared(backend, weights, means, identity));
      }
      assertMessage(InvalidArgument.class, "a covariance is singular, its leading minor of order 2",
          () -> GaussianMixture.shared(backend, HALVES, means, singular));
      assertMessage(InvalidArgument.class, "is not symmetric",
          () -> GaussianMixture.shared(backend, HALVES, means, skew));
      assertMessage(ShapeMismatch.class, "must be 2x2, as the means (2x2) have 2 dimensions",
          () -> GaussianMixture.shared(backend, HALVES, means, three));
      assertMessage(ShapeMismatch.class, "must have one row for each of the 2 weights",
          () -> GaussianMixture.shared(backend, HALVES, three, three));
      assertMessage(ShapeMismatch.class, "3 covariances for 2 components",
          () -> GaussianMixture.of(backend, HALVES, means, List.of(identity, identity, identity)));
      assertMessage(NonFinite.class, "the means has a NaN",
          () -> GaussianMixture.shared(backend, HALVES, nan, identity));
      assertMessage(NonFinite.class, "the covariance has a NaN",
          () -> GaussianMixture.shared(backend, HALVES, means, nan));
      assertMessage(ShapeMismatch.class, "the joint law (2x2) must have a row",
          () -> new ClipMixture(backend, identity, three, three, means, identity));
      assertMessage(InvalidArgument.class, "the joint law sums to 2.0",
          () -> new ClipMixture(backend, identity, means, identity, means, identity));
    }
  }

  @EveryBackend
  void argumentsOfMixtures(Backend backend) {
    try (var mixture = Mixtures.random(backend, 2, 3, true, 5);
        var unequal = Mixtures.random(backend, 2, 3, false, 5);
        var many = Mixtures.random(backend, 9, 9, true, 5);
        Matrix wrong = Mixtures.identity(backend, 2)) {
      var random = RandomStreams.of(1).named("pairs");
      assertMessage(InvalidArgument.class, "delta = 1.5", () -> mixture.pairs(3, 1.5, random));
      assertMessage(InvalidArgument.class, "0 pairs", () -> mixture.pairs(0, 1, random));
      assertMessage(InvalidArgument.class, "delta = NaN", () -> new PopulationInfoNce(mixture, Double.NaN));
      assertMessage(InvalidArgument.class, "use UnequalInfoNce", () -> new PopulationInfoNce(unequal, 1));
      assertMessage(InvalidArgument.class, "quadrature over 8 dimensions", () -> new PopulationInfoNce(many, 1));
      assertMessage(InvalidArgument.class, "at least 1 is needed", () -> InfoNceMinimiser.minimise(mixture, 1, 0));
      assertMessage(ShapeMismatch.class, "must have 3 columns", () -> InfoNceMinimiser.minimise(mixture, 1, wrong));
      assertMessage(InvalidArgument.class, "give from 1 to that many", () -> MixtureSubspaces.principal(mixture, 4));
      try (var loss = new PopulationInfoNce(mixture, 1)) {
        assertMessage(ShapeMismatch.class, "does not fit a mixture of 3", () -> loss.atM(wrong, wrong));
      }
    }
  }

  private static void assertMessage(
      Class<? extends ContraSpectraException> type, String text, Executable call) {
    String message = assertThrows(type, call).getMessage();
    assertTrue(message.contains(text), message);
  }
}
