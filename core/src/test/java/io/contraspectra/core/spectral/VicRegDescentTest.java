package io.contraspectra.core.spectral;

import static io.contraspectra.core.spectral.Descents.INPUTS;
import static io.contraspectra.core.spectral.Descents.K;
import static io.contraspectra.core.spectral.Descents.N;
import static io.contraspectra.core.spectral.Descents.VALUE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.golden.Dense;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The optima of VICReg, squared, degree-weighted, of two views and with a hinge, are what descent reaches. */
class VicRegDescentTest {

  private final Descents descents = new Descents();

  @AfterEach
  void close() {
    descents.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 1, .2, 0", "1, 1, .2, 1", "1, 3, .3, 0", "1, 3, .3, 1", "4, 1, .5, 0", "4, 1, 1, 1", "2, .5, .8, 0"})
  void squared(double alpha, double beta, double gamma, int ddof) {
    var form = new VicReg(alpha, beta, gamma, ddof);
    PlainLoss loss = PlainLoss.vicReg(descents.g, alpha, beta, gamma, ddof);
    descents.reached(loss, () -> form.embedding(descents.backend, descents.graph, K), Dense::centred);
    descents.linear(loss, x -> form.linear(descents.backend, x, descents.graph, K));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, .3", "1, 2, .5", "3, 1, .6"})
  void degreeWeighted(double alpha, double beta, double gamma) {
    var form = new VicReg(alpha, beta, gamma, 0);
    double[] d = PlainLoss.degrees(descents.g);
    PlainLoss loss = PlainLoss.degreeVicReg(descents.g, alpha, beta, gamma);
    descents.reached(loss, () -> form.degreeWeighted(descents.backend, descents.graph, K),
        z -> PlainLoss.withoutMean(z, d));
    descents.linear(loss, x -> form.linearDegreeWeighted(descents.backend, x, descents.graph, K));
  }

  @Test
  void twoViews() {
    double[][] x = descents.x;
    double[][] xb = Dense.centred(PlainLoss.map(new double[N][5],
        (i, c) -> Math.sin(x[i][c]) + 0.4 * x[(i * 7 + c) % N][c]));
    try (Matrix a = descents.matrix(x); Matrix b = descents.matrix(xb);
        Cca.Pair form = Cca.vicReg(descents.backend, a, b, 2, 1.5, 0.8)) {
      double[][] both = PlainLoss.map(new double[2 * N][INPUTS + 5], (i, c) -> i < N ? c < INPUTS ? x[i][c] : 0
          : c < INPUTS ? 0 : xb[i - N][c - INPUTS]);
      PlainLoss loss = PlainLoss.twoViewVicReg(1.5, 0.8).ofWeights(both);
      Descents.check(loss, Descents.start(INPUTS + 5, 2, 5));
      for (int seed = 1; seed <= Descents.STARTS; seed++) {
        double[][] w = Descents.start(INPUTS + 5, 2, seed);
        assertEquals(form.first().optimum().orElseThrow(), descents.minimised(loss, w), VALUE);
        Descents.assertGram(Descents.rows(form.first().map().orElseThrow().weights()), Arrays.copyOf(w, INPUTS));
        Descents.assertGram(Descents.rows(form.second().map().orElseThrow().weights()),
            Arrays.copyOfRange(w, INPUTS, INPUTS + 5));
      }
    }
  }

  /** All modes are below the kink at C_kk = 1, where descent would stall; beta is above its bound. */
  @ParameterizedTest
  @CsvSource({"1, 50, .4, 3", "1, 80, .5, 2", "2, 200, .9, 3"})
  void hingeUnderItsCondition(double alpha, double beta, double gamma, int k) {
    var form = new HingeVicReg(alpha, beta, gamma);
    try (Embedding z = form.embedding(descents.backend, descents.graph, k)) {
      assertTrue(Arrays.stream(z.gains()).allMatch(c -> c < 1), Arrays.toString(z.gains()));
    }
    descents.reached(PlainLoss.hingeVicReg(descents.g, alpha, beta, gamma),
        () -> form.embedding(descents.backend, descents.graph, k), Dense::centred);
  }

  /** Where some modes are at the kink, nothing nearby is lower. */
  @Test
  void hingeAtItsKink() {
    var form = new HingeVicReg(1, 50, 0.1);
    PlainLoss loss = PlainLoss.hingeVicReg(descents.g, form.alpha(), form.beta(), form.gamma());
    try (Embedding z = form.embedding(descents.backend, descents.graph, 3)) {
      double optimum = z.optimum().orElseThrow();
      double[][] points = Descents.rows(z.points());
      assertEquals(optimum, Descents.value(loss, points), VALUE);
      var random = new SplittableRandom(9);
      for (double size : new double[] {1e-4, 1e-3, 1e-2, 1e-1}) {
        for (int draw = 0; draw < 200; draw++) {
          double[][] moved = PlainLoss.map(points, (i, c) -> points[i][c] + size * random.nextDouble(-1, 1));
          assertTrue(Descents.value(loss, moved) > optimum - VALUE);
        }
      }
    }
  }
}
