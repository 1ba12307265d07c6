package io.contraspectra.core.evaluate;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Lloyd's k-means from k-means++ seeds (Arthur and Vassilvitskii 2007). A sample equally near two centres goes to the
 * first; a centre that loses all samples moves to the sample farthest from its own. Thread-safe.
 */
public final class KMeans {

  private static final int ITERATIONS = 300;

  private KMeans() {}

  /**
   * A clustering.
   *
   * @param labels the cluster of every sample, from 0
   * @param inertia the sum of squared distances to the centres
   */
  public record Clustering(int[] labels, double inertia) {}

  /**
   * The best of several runs.
   *
   * @param x N x d
   * @param clusters k, from 1 to N
   * @param restarts runs, at least 1
   * @param random draws the seeds
   */
  public static Clustering fit(Backend backend, Matrix x, int clusters, int restarts, RandomGenerator random) {
    if (clusters < 1 || clusters > x.rows()) {
      throw new InvalidArgument("k-means: " + clusters + " clusters; there must be 1 to as many as samples, "
          + x.rows());
    }
    if (restarts < 1) {
      throw new InvalidArgument("k-means: " + restarts + " runs; at least 1 is needed");
    }
    backend.requireFinite("k-means: X", x);
    try (var run = new Run(backend, x, clusters)) {
      Clustering best = run.once(random);
      for (int i = 1; i < restarts; i++) {
        Clustering other = run.once(random);
        best = other.inertia() < best.inertia() ? other : best;
      }
      return best;
    }
  }

  /** Buffers that the restarts share. */
  private static final class Run implements AutoCloseable {

    private final Backend backend;
    private final Matrix x;
    private final int n;
    private final int k;
    private final double[] norms;
    private final Matrix centres;
    private final Matrix products;
    private final Matrix members;
    private final int[] labels;
    private final double[] nearest;

    Run(Backend backend, Matrix x, int k) {
      this.backend = backend;
      this.x = x;
      this.n = Math.toIntExact(x.rows());
      this.k = k;
      this.centres = backend.zeros(x.dtype(), k, x.cols());
      this.products = backend.zeros(x.dtype(), n, k);
      this.members = backend.zeros(x.dtype(), n, k);
      this.labels = new int[n];
      this.nearest = new double[n];
      try (Matrix column = backend.zeros(x.dtype(), n, 1)) {
        backend.rowDots(x, x, column);
        this.norms = column.toArray();
      }
    }

    Clustering once(RandomGenerator random) {
      seed(random);
      double inertia = assign(k);
      for (int i = 0; i < ITERATIONS; i++) {
        move();
        int[] before = labels.clone();
        inertia = assign(k);
        if (Arrays.equals(before, labels)) {
          break;
        }
      }
      return new Clustering(labels.clone(), inertia);
    }

    /** Each further centre is a sample, drawn with a probability proportional to its squared distance. */
    private void seed(RandomGenerator random) {
      backend.copy(x.rowRange(random.nextInt(n), 1), centres.rowRange(0, 1));
      for (int chosen = 1; chosen < k; chosen++) {
        double total = assign(chosen);
        double target = random.nextDouble() * total;
        int sample = 0;
        for (double sum = nearest[0]; sum <= target && sample < n - 1; sum += nearest[sample]) {
          sample++;
        }
        backend.copy(x.rowRange(sample, 1), centres.rowRange(chosen, 1));
      }
    }

    /** Gives every sample to the nearest of the first {@code count} centres; returns the inertia. */
    private double assign(int count) {
      Matrix some = centres.rowRange(0, count);
      Matrix product = products.block(0, 0, n, count);
      backend.gemm(NO, YES, 1, x, some, 0, product);
      double[] dots = product.toArray();
      double[] squares = squares(some);
      double inertia = 0;
      for (int i = 0; i < n; i++) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < count; c++) {
          double distance = norms[i] - 2 * dots[i * count + c] + squares[c];
          if (distance < least) {
            least = distance;
            best = c;
          }
        }
        labels[i] = best;
        nearest[i] = Math.max(0, least);
        inertia += nearest[i];
      }
      return inertia;
    }

    private double[] squares(Matrix some) {
      try (Matrix column = backend.zeros(x.dtype(), some.rows(), 1)) {
        backend.rowDots(some, some, column);
        return column.toArray();
      }
    }

    /** Moves every centre to the mean of its samples. */
    private void move() {
      var counts = new int[k];
      for (int label : labels) {
        counts[label]++;
      }
      for (int c = 0; c < k; c++) {
        if (counts[c] == 0) {
          int far = farthest(counts);
          counts[labels[far]]--;
          counts[c] = 1;
          labels[far] = c;
          nearest[far] = 0;
        }
      }
      var weights = new double[n * k];
      for (int i = 0; i < n; i++) {
        weights[i * k + labels[i]] = 1.0 / counts[labels[i]];
      }
      members.copyFrom(weights);
      backend.gemm(YES, NO, 1, members, x, 0, centres);
    }

    /** The sample farthest from its centre, of those that are not alone. */
    private int farthest(int[] counts) {
      int far = -1;
      for (int i = 0; i < n; i++) {
        if (counts[labels[i]] > 1 && (far < 0 || nearest[i] > nearest[far])) {
          far = i;
        }
      }
      return far;
    }

    @Override
    public void close() {
      centres.close();
      products.close();
      members.close();
    }
  }
}
