package io.contraspectra.core.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProbesTest {

  private static final int N = 60;
  private static final int D = 4;

  /** Three clouds around corners, samples of classes 7, 2 and -1 in turn. */
  private static double[] clouds(int n, long seed, double noise) {
    var random = new Random(seed);
    var x = new double[n * D];
    for (int i = 0; i < x.length; i++) {
      x[i] = noise * random.nextGaussian() + (i / D % 3 == i % D ? 2 : 0);
    }
    return x;
  }

  private static int[] labels(int n) {
    return IntStream.range(0, n).map(i -> new int[] {7, 2, -1}[i % 3]).toArray();
  }

  private static double squaredDistance(double[] a, int i, double[] b, int j) {
    return IntStream.range(0, D).mapToDouble(c -> a[i * D + c] - b[j * D + c]).map(v -> v * v).sum();
  }

  @EveryBackend
  void neighboursAgreeWithSortingEveryDistance(Backend backend) {
    double[] reference = clouds(N, 1, 1.2);
    double[] queries = clouds(200, 2, 1.2);
    int[] labels = labels(N);
    try (Matrix r = backend.matrix(N, D, reference); Matrix q = backend.matrix(200, D, queries)) {
      for (int k : new int[] {1, 2, 5, N}) {
        int[] predicted = new NeighbourClassifier(backend, r, labels, k).classify(q);
        for (int i = 0; i < 200; i++) {
          assertEquals(slowVote(reference, labels, queries, i, k), predicted[i], "k " + k + ", query " + i);
        }
      }
    }
  }

  private static int slowVote(double[] reference, int[] labels, double[] queries, int query, int k) {
    var votes = new TreeMap<Integer, Integer>();
    IntStream.range(0, N).boxed()
        .sorted(Comparator.comparingDouble(i -> squaredDistance(queries, query, reference, i)))
        .limit(k)
        .forEach(i -> votes.merge(labels[i], 1, Integer::sum));
    return votes.entrySet().stream()
        .max(Comparator.<Map.Entry<Integer, Integer>>comparingInt(Map.Entry::getValue)
            .thenComparing(e -> -e.getKey())).orElseThrow().getKey();
  }

  @EveryBackend
  void tiesGoToTheLowerIndexAndTheSmallerClass(Backend backend, DType dtype) {
    try (Matrix r = backend.zeros(dtype, 4, 1); Matrix q = backend.zeros(dtype, 1, 1)) {
      r.copyFrom(1, -1, 1, -1);
      int[] labels = {5, 3, 4, 9};
      assertEquals(5, new NeighbourClassifier(backend, r, labels, 1).classify(q)[0]);
      assertEquals(3, new NeighbourClassifier(backend, r, labels, 2).classify(q)[0]);
      assertEquals(3, new NeighbourClassifier(backend, r, labels, 4).classify(q)[0]);
    }
  }

  /** The normal equations, written out, hold at the solution; intercept included. */
  @EveryBackend
  void ridgeSolvesItsNormalEquations(Backend backend) {
    double[] x = clouds(N, 3, 1);
    int[] labels = labels(N);
    int[] classes = {-1, 2, 7};
    for (double penalty : new double[] {0, 0.3, 20}) {
      try (Matrix m = backend.matrix(N, D, x);
          LinearClassifier probe = LinearProbes.ridge(backend, m, labels, penalty);
          Matrix scores = probe.scores(m)) {
        double[] s = scores.toArray();
        double[] w = probe.weights().toArray();
        for (int c = 0; c < 3; c++) {
          double residualSum = 0;
          var gradient = new double[D];
          for (int i = 0; i < N; i++) {
            double residual = s[i * 3 + c] - (labels[i] == classes[c] ? 1 : 0);
            residualSum += residual;
            for (int j = 0; j < D; j++) {
              gradient[j] += residual * x[i * D + j];
            }
          }
          assertEquals(0, residualSum, 1e-11);
          for (int j = 0; j < D; j++) {
            assertEquals(0, gradient[j] + penalty * w[j * 3 + c], 1e-11);
          }
        }
      }
    }
  }

  /** The gradient of the penalised cross-entropy, written out sample by sample, vanishes. */
  @EveryBackend
  void logisticIsStationary(Backend backend) {
    double[] x = clouds(N, 4, 1.5);
    int[] labels = labels(N);
    int[] classes = {-1, 2, 7};
    double c = 0.8;
    try (Matrix m = backend.matrix(N, D, x);
        LinearClassifier probe = LinearProbes.logistic(backend, m, labels, c)) {
      double[] w = probe.weights().toArray();
      double[] b = probe.intercept().toArray();
      var gradient = new double[D * 3];
      var intercept = new double[3];
      for (int i = 0; i < N; i++) {
        var logits = new double[3];
        double sum = 0;
        for (int k = 0; k < 3; k++) {
          logits[k] = b[k];
          for (int j = 0; j < D; j++) {
            logits[k] += x[i * D + j] * w[j * 3 + k];
          }
          sum += Math.exp(logits[k]);
        }
        for (int k = 0; k < 3; k++) {
          double residual = Math.exp(logits[k]) / sum - (labels[i] == classes[k] ? 1 : 0);
          intercept[k] += residual;
          for (int j = 0; j < D; j++) {
            gradient[j * 3 + k] += residual * x[i * D + j];
          }
        }
      }
      for (int i = 0; i < gradient.length; i++) {
        assertEquals(0, gradient[i] + w[i] / c, 1e-4);
      }
      assertArrayEquals(new double[3], intercept, 1e-4);
    }
  }

  @EveryBackend
  void wellSeparatedCloudsAreToldApart(Backend backend, DType dtype) {
    try (Matrix train = backend.zeros(dtype, N, D); Matrix test = backend.zeros(dtype, 30, D)) {
      train.copyFrom(clouds(N, 5, 0.2));
      test.copyFrom(clouds(30, 6, 0.2));
      assertEquals(1, new NeighbourClassifier(backend, train, labels(N), 3).accuracy(test, labels(30)));
      try (LinearClassifier ridge = LinearProbes.ridge(backend, train, labels(N), 0.1);
          LinearClassifier logistic = LinearProbes.logistic(backend, train, labels(N), 1)) {
        assertEquals(1, ridge.accuracy(test, labels(30)));
        assertEquals(1, logistic.accuracy(test, labels(30)));
      }
      var clustering = KMeans.fit(backend, train, 3, 4, new Random(1));
      assertEquals(1, RandIndex.adjusted(clustering.labels(), labels(N)));
    }
  }

  /** Nobody is nearer to another centre, each centre is its samples' mean, and the inertia is what it says. */
  @EveryBackend
  void kMeansEndsAtAFixedPoint(Backend backend) {
    double[] x = clouds(N, 7, 1.5);
    try (Matrix m = backend.matrix(N, D, x)) {
      var clustering = KMeans.fit(backend, m, 5, 2, new Random(2));
      var centres = new double[5 * D];
      var counts = new int[5];
      for (int i = 0; i < N; i++) {
        counts[clustering.labels()[i]]++;
      }
      for (int i = 0; i < N * D; i++) {
        int cluster = clustering.labels()[i / D];
        centres[cluster * D + i % D] += x[i] / counts[cluster];
      }
      double inertia = 0;
      for (int i = 0; i < N; i++) {
        double own = squaredDistance(x, i, centres, clustering.labels()[i]);
        inertia += own;
        for (int c = 0; c < 5; c++) {
          assertTrue(own <= squaredDistance(x, i, centres, c) + 1e-12);
        }
      }
      assertEquals(inertia, clustering.inertia(), 1e-10);
    }
  }

  @EveryBackend
  void fewerPlacesThanClusters(Backend backend) {
    try (Matrix x = backend.matrix(6, 1, 1, 1, 1, 1, 1, 5)) {
      var clustering = KMeans.fit(backend, x, 3, 1, new Random(3));
      assertNotEquals(clustering.labels()[0], clustering.labels()[5]);
      assertEquals(0, clustering.inertia(), 1e-12);
    }
  }

  @Test
  void adjustedRandIndex() {
    assertEquals(1, RandIndex.adjusted(new int[] {0, 0, 1, 1}, new int[] {5, 5, -3, -3}));
    // scikit-learn's documented example.
    assertEquals(0.5714285714285714, RandIndex.adjusted(new int[] {0, 0, 1, 2}, new int[] {0, 0, 1, 1}), 1e-15);
    assertEquals(-0.5, RandIndex.adjusted(new int[] {0, 0, 1, 1}, new int[] {0, 1, 0, 1}), 1e-15);
    assertEquals(1, RandIndex.adjusted(new int[] {1, 1, 1}, new int[] {2, 2, 2}));
    assertThrows(ShapeMismatch.class, () -> RandIndex.adjusted(new int[2], new int[3]));
    assertThrows(InvalidArgument.class, () -> RandIndex.adjusted(new int[1], new int[1]));
  }

  @Test
  void refusesNonsense() {
    try (Backend backend = TestBackend.REFERENCE.open();
        Matrix x = backend.matrix(3, 1, 1, 2, 3);
        Matrix wide = backend.zeros(DType.F64, 2, 2);
        Matrix broken = backend.matrix(3, 1, 1, Double.NaN, 3)) {
      int[] labels = {0, 1, 1};
      assertThrows(ShapeMismatch.class, () -> new NeighbourClassifier(backend, x, new int[2], 1));
      assertThrows(InvalidArgument.class, () -> new NeighbourClassifier(backend, x, new int[3], 1));
      assertThrows(InvalidArgument.class, () -> new NeighbourClassifier(backend, x, labels, 4));
      assertThrows(NonFinite.class, () -> new NeighbourClassifier(backend, broken, labels, 1));
      assertThrows(ShapeMismatch.class, () -> new NeighbourClassifier(backend, x, labels, 1).classify(wide));
      assertThrows(InvalidArgument.class, () -> LinearProbes.ridge(backend, x, labels, -1));
      assertThrows(InvalidArgument.class, () -> LinearProbes.logistic(backend, x, labels, 0));
      assertThrows(NonFinite.class, () -> LinearProbes.logistic(backend, broken, labels, 1));
      assertThrows(InvalidArgument.class, () -> KMeans.fit(backend, x, 4, 1, new Random()));
      assertThrows(InvalidArgument.class, () -> KMeans.fit(backend, x, 2, 0, new Random()));
      assertThrows(NonFinite.class, () -> KMeans.fit(backend, broken, 2, 1, new Random()));
      try (LinearClassifier probe = LinearProbes.ridge(backend, x, labels, 1)) {
        assertThrows(ShapeMismatch.class, () -> probe.classify(wide));
      }
    }
  }
}
