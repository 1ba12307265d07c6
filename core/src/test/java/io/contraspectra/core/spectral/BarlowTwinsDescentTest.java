package io.contraspectra.core.spectral;

import static io.contraspectra.core.spectral.Descents.INPUTS;
import static io.contraspectra.core.spectral.Descents.K;
import static io.contraspectra.core.spectral.Descents.N;
import static io.contraspectra.core.spectral.Descents.STARTS;
import static io.contraspectra.core.spectral.Descents.VALUE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.golden.Dense;
import io.contraspectra.core.matrix.Matrix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The optima of Barlow Twins are what descent reaches. Without a constraint any K positive eigenvalues will do, so that
 * where there are more only the value is unique; under the constraint any basis of the optimal span will do.
 */
class BarlowTwinsDescentTest {

  private final Descents descents = new Descents();

  @AfterEach
  void close() {
    descents.close();
  }

  @Test
  void unnormalisedOnNeighbours() {
    PlainLoss loss = PlainLoss.barlowTwins(PlainLoss.doublyCentred(descents.g));
    Descents.check(loss, Descents.start(N, K, 7));
    try (Embedding form = BarlowTwins.unnormalised(descents.backend, descents.graph, K);
        Matrix x = descents.matrix(descents.x);
        Embedding encoder = BarlowTwins.linearUnnormalised(descents.backend, x, descents.graph, K)) {
      assertEquals(0, form.optimum().orElseThrow());
      assertEquals(0, Descents.value(loss, Descents.rows(form.points())), VALUE);
      assertEquals(encoder.optimum().orElseThrow(), Descents.value(loss, Descents.rows(encoder.points())), VALUE);
      for (int seed = 1; seed <= STARTS; seed++) {
        assertEquals(0, descents.minimised(loss, Descents.start(N, K, seed)), VALUE);
        assertEquals(encoder.optimum().orElseThrow(),
            descents.minimised(loss.ofWeights(descents.x), Descents.start(INPUTS, K, seed)), VALUE);
      }
    }
  }

  /** Two positive eigenvalues for four columns: all of them are used, and which combinations is the only freedom. */
  @Test
  void unnormalisedOnLabels() {
    double[][] centred = PlainLoss.doublyCentred(descents.dense(Descents.labels()));
    PlainLoss loss = PlainLoss.barlowTwins(centred);
    try (Embedding form = BarlowTwins.unnormalised(descents.backend, Descents.labels(), K)) {
      for (int seed = 1; seed <= STARTS; seed++) {
        double[][] z = Descents.start(N, K, seed);
        assertEquals(form.optimum().orElseThrow(), descents.minimised(loss, z), VALUE);
        // HGH projects onto the directions of positive eigenvalues: the loss sees nothing else of Z.
        double[][] seen = Dense.product(centred, z);
        Descents.assertGram(Descents.rows(form.points()), seen);
      }
    }
  }

  @Test
  void constrained() {
    int k = 3;
    double[] d = PlainLoss.degrees(descents.g);
    PlainLoss loss = PlainLoss.constrainedBarlowTwins(descents.g);
    Descents.check(loss, Descents.start(N, k, 7));
    try (Embedding form = BarlowTwins.constrained(descents.backend, descents.graph, k)) {
      double[][] points = Descents.rows(form.points());
      assertEquals(form.optimum().orElseThrow(), Descents.value(loss, points), VALUE);
      for (int seed = 1; seed <= STARTS; seed++) {
        double[][] z = Descents.start(N, k, seed);
        assertEquals(form.optimum().orElseThrow(), descents.minimised(loss, z), VALUE);
        Descents.assertSpan(points, PlainLoss.withoutMean(z, d));
      }
    }
  }

  @Test
  void constrainedLinearEncoder() {
    int k = 2;
    // The encoder takes the plain mean from its data, and no weighted one from its outputs.
    PlainLoss loss = PlainLoss.constrainedBarlowTwinsAsTheyAre(descents.g).ofWeights(descents.x);
    try (Matrix x = descents.matrix(descents.x);
        Embedding form = BarlowTwins.linearConstrained(descents.backend, x, descents.graph, k)) {
      double[][] weights = Descents.rows(form.map().orElseThrow().weights());
      assertEquals(form.optimum().orElseThrow(), Descents.value(loss, weights), VALUE);
      for (int seed = 1; seed <= STARTS; seed++) {
        double[][] w = Descents.start(INPUTS, k, seed);
        assertEquals(form.optimum().orElseThrow(), descents.minimised(loss, w), VALUE);
        Descents.assertSpan(weights, w);
      }
    }
  }
}
