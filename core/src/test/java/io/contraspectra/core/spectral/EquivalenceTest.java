package io.contraspectra.core.spectral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.golden.Dense;
import io.contraspectra.core.graph.NearestNeighbours;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Different names for the same thing (spectral.md 3 to 6), and large problems that take other ways than small ones.
 * What libraries say to the same equivalences is in the golden arrays.
 */
class EquivalenceTest {

  private static final double TOLERANCE = 1e-8;
  private static final int N = 30;

  @EveryBackend
  void squaredSimClrOfAKernelIsKernelPca(Backend backend) {
    try (Matrix x = samples(backend, N, 3); var gaussian = new GaussianKernel(backend, x, 2);
        Matrix gram = backend.zeros(DType.F64, N, N)) {
      gaussian.block(0, 0, gram);
      try (Embedding simclr = SquaredSimClr.embedding(backend, RelationGraph.of(backend, gram), 3, true);
          Embedding kernelPca = KernelPca.embedding(backend, gram, 3)) {
        assertArrayEquals(simclr.points().toArray(), kernelPca.points().toArray(), TOLERANCE);
      }
    }
  }

  @EveryBackend
  void principalComponentsAreScalingAndLinearKernelPca(Backend backend) {
    try (Matrix x = samples(backend, N, 4); Matrix gram = backend.zeros(DType.F64, N, N);
        Matrix distances = backend.zeros(DType.F64, N, N)) {
      double[][] rows = Dense.rows(x.toArray(), 4);
      gram.copyFrom(Dense.flat(Dense.gram(rows)));
      distances.copyFrom(Dense.flat(PlainLoss.map(new double[N][N],
          (i, j) -> Math.sqrt(PlainLoss.squaredDistance(rows[i], rows[j])))));
      try (Embedding pca = Pca.embedding(backend, x, 3); Embedding kernel = KernelPca.embedding(backend, gram, 3);
          Embedding scaling = ClassicalMds.ofDistances(backend, distances, 3)) {
        assertArrayEquals(gram(pca), gram(kernel), TOLERANCE);
        assertArrayEquals(gram(pca), gram(scaling), TOLERANCE);
        assertArrayEquals(pca.values(), scaling.values(), TOLERANCE);
      }
    }
  }

  @EveryBackend
  void spectralContrastiveAndBarlowTwinsShareTheModesOfLpp(Backend backend) {
    try (Matrix x = samples(backend, N, 4)) {
      RelationGraph graph = NearestNeighbours.search(backend, x, 4).heat(1);
      try (Embedding lpp = Lpp.embedding(backend, x, graph, 4);
          Embedding contrastive = SpectralContrastive.linear(backend, x, graph, 4);
          Embedding barlow = BarlowTwins.linearConstrained(backend, x, graph, 4);
          Embedding walk = LaplacianEigenmaps.walk(backend, graph, 3);
          Embedding free = BarlowTwins.constrained(backend, graph, 3);
          Embedding vicReg = new VicReg(1, 1, 1e-9, 0).degreeWeighted(backend, graph, 3)) {
        double[] theta = Arrays.stream(lpp.values()).map(lambda -> 1 - lambda).toArray();
        assertArrayEquals(theta, contrastive.values(), TOLERANCE);
        assertArrayEquals(theta, barlow.values(), TOLERANCE);
        assertArrayEquals(lpp.points().toArray(), barlow.points().toArray(), TOLERANCE);
        assertArrayEquals(walk.points().toArray(), free.points().toArray(), TOLERANCE);
        double scale = Math.sqrt(graph.totalWeight());
        assertArrayEquals(Arrays.stream(walk.points().toArray()).map(v -> v * scale).toArray(),
            vicReg.points().toArray(), 1e-7 * scale);
      }
    }
  }

  @EveryBackend
  void canonicalCorrelationsAreThoseOfTheTwoViewGraph(Backend backend) {
    double[][] a = Dense.centred(rows(N, 3, 1));
    double[][] b = Dense.centred(PlainLoss.map(new double[N][2], (i, c) -> a[i][c] + 0.5 * Math.sin(9 * a[i][2] + c)));
    double[][] both = PlainLoss.map(new double[2 * N][5],
        (i, c) -> i < N ? c < 3 ? a[i][c] : 0 : c < 3 ? 0 : b[i - N][c - 3]);
    try (Matrix xa = matrix(backend, a); Matrix xb = matrix(backend, b); Matrix x = matrix(backend, both);
        Cca.Pair cca = Cca.embedding(backend, xa, xb, 2);
        Embedding barlow = BarlowTwins.linearConstrained(backend, x, Relations.twoViews(N), 5)) {
      double[] rho = cca.first().values();
      double[] signed = {rho[0], rho[1], 0, -rho[1], -rho[0]};
      assertArrayEquals(signed, barlow.values(), TOLERANCE);
    }
  }

  @EveryBackend
  void generalisedProblemsAgreeByCholeskyAndByRange(Backend backend) {
    try (Matrix x = samples(backend, N, 4)) {
      RelationGraph graph = NearestNeighbours.search(backend, x, 4).binary();
      double[][] rows = Dense.centred(Dense.rows(x.toArray(), 4));
      double[][] metric = Dense.product(Dense.transpose(rows), rows);
      double[][] laplacian;
      try (var operator = graph.laplacian(backend); Matrix l = operator.toMatrix()) {
        laplacian = Dense.product(Dense.transpose(rows), Dense.product(Dense.rows(l.toArray(), N), rows));
      }
      try (Matrix a = matrix(backend, PlainLoss.map(laplacian, (i, j) -> (laplacian[i][j] + laplacian[j][i]) / 2));
          Matrix b = matrix(backend, metric); EigenPairs cholesky = Eigensolver.generalized(backend, a, b);
          EigenPairs range = Eigensolver.generalizedOnRange(backend, a, b, 1e-12);
          Embedding vicReg = new VicReg(1, 1, 0.1, 0).linear(backend, x, graph, 4)) {
        double[] ascending = DoubleStream.of(cholesky.values().toArray()).sorted().toArray();
        assertArrayEquals(cholesky.values().toArray(), range.values().toArray(), TOLERANCE);
        assertArrayEquals(ascending, vicReg.values(), TOLERANCE);
      }
    }
  }

  @Test
  void aListenerHearsOfEveryLongPart() {
    var parts = new AtomicInteger();
    try (Backend backend = Backends.select("auto"); Matrix x = clusters(backend, 600);
        Embedding z = Progress.listening((done, total) -> {
          if (done == 0) {
            parts.incrementAndGet();
          }
        }, () -> Isomap.embedding(backend, x, 8, 2))) {
      assertEquals(2, z.points().cols());
    }
    assertTrue(parts.get() >= 2, "neighbours and paths at least, heard of " + parts);
  }

  @Test
  void largeGraphsAndKernelsGoOtherWaysToTheSameResult() {
    int n = 1400;
    try (Backend backend = Backends.select("auto"); Matrix x = clusters(backend, n)) {
      RelationGraph graph = NearestNeighbours.search(backend, x, 8).heat(1);
      try (Embedding z = LaplacianEigenmaps.walk(backend, graph, 5); var operator = graph.normalisedLaplacian(backend);
          Matrix dense = operator.toMatrix(); EigenPairs all = Eigensolver.full(backend, dense)) {
        double[] ascending = DoubleStream.of(all.values().toArray()).sorted().toArray();
        assertArrayEquals(Arrays.copyOfRange(ascending, 1, 6), z.values(), TOLERANCE);
        double[] u = z.points().toArray();
        for (int c = 0; c < 5; c++) {
          int column = c;
          double norm = IntStream.range(0, n).mapToDouble(i -> graph.degree(i) * u[i * 5 + column] * u[i * 5 + column])
              .sum();
          assertEquals(1, norm, TOLERANCE);
        }
      }
      try (var gaussian = new GaussianKernel(backend, x, 4); var streamed = new BlockKernelOperator(gaussian, 0);
          var kept = new BlockKernelOperator(gaussian, BlockKernelOperator.bytes(DType.F64, n));
          Matrix v = backend.zeros(DType.F64, 3, n); Matrix first = backend.zeros(DType.F64, 3, n);
          Matrix second = backend.zeros(DType.F64, 3, n); Matrix gram = backend.zeros(DType.F64, n, n)) {
        assertTrue(streamed.isStreamed() && !kept.isStreamed());
        v.copyFrom(new SplittableRandom(3).doubles(3L * n, -1, 1).toArray());
        streamed.apply(v, first);
        kept.apply(v, second);
        assertArrayEquals(first.toArray(), second.toArray(), "same bits for any budget");
        gaussian.block(0, 0, gram);
        backend.gemm(Transpose.NO, Transpose.NO, 1, v, gram, 0, second);
        assertArrayEquals(second.toArray(), first.toArray(), 1e-9);
        try (Embedding few = KernelPca.embedding(streamed, 4);
            Embedding whole = KernelPca.embedding(backend, gram, 4)) {
          assertArrayEquals(whole.values(), few.values(), TOLERANCE * whole.values()[0]);
        }
      }
    }
  }

  private static Matrix clusters(Backend backend, int n) {
    var random = new SplittableRandom(12);
    return matrix(backend, PlainLoss.map(new double[n][4],
        (i, c) -> (i % 5 == c ? 1.2 : 0) + random.nextDouble(-1, 1)));
  }

  private static Matrix samples(Backend backend, int n, int d) {
    return matrix(backend, rows(n, d, 5));
  }

  private static double[][] rows(int n, int d, int seed) {
    return Dense.rows(new SplittableRandom(seed).doubles((long) n * d, -1, 2).toArray(), d);
  }

  private static Matrix matrix(Backend backend, double[][] rows) {
    return backend.matrix(rows.length, rows[0].length, Dense.flat(rows));
  }

  private static double[] gram(Embedding z) {
    return Dense.flat(Dense.gram(Dense.rows(z.points().toArray(), (int) z.points().cols())));
  }
}
