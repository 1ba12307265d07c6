package io.contraspectra.core.spectral;

import static io.contraspectra.core.spectral.Descents.N;
import static io.contraspectra.core.spectral.Descents.STARTS;
import static io.contraspectra.core.spectral.Descents.VALUE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.golden.Dense;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** InfoNCE attains the entropy of embeddable relations, and of weak ones it is kernel PCA, from every start. */
class InfoNceDescentTest {

  private static final int SAMPLES = 18;

  private final Descents descents = new Descents();

  @AfterEach
  void close() {
    descents.close();
  }

  @Test
  void ofDistances() {
    double[][] points = Descents.start(SAMPLES, 2, 12);
    double[][] near = PlainLoss.map(new double[SAMPLES][SAMPLES],
        (i, j) -> i == j ? 0 : Math.exp(-PlainLoss.squaredDistance(points[i], points[j]) / 2));
    PlainLoss loss = PlainLoss.infoNceOfDistances(near, 2);
    Descents.check(loss, Descents.start(SAMPLES, 2, 4));
    try (Embedding form = GraphInfoNce.distances(descents.backend, descents.graph(near), 2, 2)) {
      for (int seed = 1; seed <= STARTS; seed++) {
        double[][] z = Descents.start(SAMPLES, 2, seed);
        assertEquals(form.optimum().orElseThrow(), descents.minimised(loss, z), VALUE);
        Descents.assertGram(Descents.rows(form.points()), Dense.centred(z));
      }
    }
  }

  @Test
  void ofCosines() {
    double[][] units = PlainLoss.unitRows(Descents.start(SAMPLES, 2, 12));
    double[][] alike = PlainLoss.map(new double[SAMPLES][SAMPLES],
        (i, j) -> i == j ? 0 : Math.exp(PlainLoss.dot(units[i], units[j]) / 0.5));
    PlainLoss loss = PlainLoss.infoNceOfCosines(alike, 0.5);
    Descents.check(loss, Descents.start(SAMPLES, 2, 4));
    try (Embedding form = GraphInfoNce.cosines(descents.backend, descents.graph(alike), 0.5, 2)) {
      for (int seed = 1; seed <= STARTS; seed++) {
        double[][] z = Descents.start(SAMPLES, 2, seed);
        assertEquals(form.optimum().orElseThrow(), descents.minimised(loss, z), VALUE);
        Descents.assertGram(Descents.rows(form.points()), PlainLoss.unitRows(z));
      }
    }
  }

  @Test
  void weakRelationsLeadToKernelPca() {
    double[][] p0 = descents.dense(Descents.labels());
    for (int seed = 1; seed <= STARTS; seed++) {
      double tight = weakError(p0, 0.025, seed);
      double loose = weakError(p0, 0.05, seed);
      assertTrue(tight <= 0.04, "relative error " + tight);
      assertTrue(loose / tight > 1.5 && loose / tight < 2.3, loose + " against " + tight);
    }
  }

  /** Relative deviation of the first-order Gram matrix from the one that descent finds. */
  private double weakError(double[][] p0, double e, int seed) {
    double[][] weak = PlainLoss.map(p0, (i, j) -> (1 - e) / N + e * p0[i][j]);
    double[][] z = Descents.start(N, 2, seed);
    for (double[] row : z) {
      Arrays.setAll(row, c -> 0.3 * row[c]);
    }
    descents.minimised(PlainLoss.infoNceOfProducts(weak), z);
    try (Embedding form = GraphInfoNce.weakRelation(descents.backend, descents.graph(weak), 1, 2)) {
      double[][] found = Dense.gram(z);
      double[][] expected = Dense.gram(Descents.rows(form.points()));
      return Math.sqrt(PlainLoss.sumOfSquares(PlainLoss.map(found, (i, j) -> found[i][j] - expected[i][j]))
          / PlainLoss.sumOfSquares(found));
    }
  }
}
