package io.contraspectra.core.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.golden.Golden;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Neighbour graphs and geodesics against golden matrices, and the search against sorting all distances. */
class NearestNeighboursTest {

  @EveryBackend
  void graphsAreTheGoldenOnes(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-spectral"); Matrix x = golden.matrix("X", backend)) {
      double scale = NearestNeighbours.medianSquaredDistance(backend, x);
      assertGraph(golden, "G_knn", NearestNeighbours.search(backend, x, 5).heat(scale), backend);
    }
    try (Golden golden = Golden.open("spec/shared-classical"); Matrix x = golden.matrix("X", backend)) {
      var neighbours = NearestNeighbours.search(backend, x, (int) golden.number("knn_k"));
      assertGraph(golden, "G", neighbours.binary(), backend);
      try (Matrix geodesics = neighbours.geodesics(backend)) {
        golden.assertClose("iso_geodesic", geodesics, 1e-8);
      }
    }
  }

  private static void assertGraph(Golden golden, String array, RelationGraph graph, Backend backend) {
    try (Matrix g = graph.toMatrix(backend, DType.F64)) {
      golden.assertClose(array, g, 1e-8);
    }
  }

  @EveryBackend
  void searchSortsByDistanceThenIndex(Backend backend, DType dtype) {
    // Points of a small grid, most of them several times, far from the origin: ties everywhere, little precision.
    int n = 90;
    int d = 3;
    double[] points = new SplittableRandom(3).ints((long) n * d, 0, 3).mapToDouble(v -> v + 1000).toArray();
    try (Matrix exact = backend.matrix(n, d, points); Matrix x = backend.copyOf(exact, dtype)) {
      var neighbours = NearestNeighbours.search(backend, x, 7);
      for (int i = 0; i < n; i++) {
        int sample = i;
        int[] expected = IntStream.range(0, n).filter(j -> j != sample).boxed()
            .sorted(Comparator.comparingDouble(j -> squaredDistance(points, d, sample, j))).limit(7)
            .mapToInt(j -> j).toArray();
        for (int rank = 0; rank < 7; rank++) {
          assertEquals(expected[rank], neighbours.neighbour(i, rank), "sample " + i + ", rank " + rank);
          assertEquals(squaredDistance(points, d, i, expected[rank]), neighbours.squaredDistance(i, rank));
        }
      }
    }
  }

  @EveryBackend
  void manyEqualPointsNeedRoomForManyCandidates(Backend backend) {
    try (Matrix x = backend.zeros(DType.F64, 300, 2)) {
      var neighbours = NearestNeighbours.search(backend, x, 2);
      assertEquals(0, neighbours.neighbour(299, 0));
      assertEquals(1, neighbours.neighbour(299, 1));
      assertEquals(1, neighbours.neighbour(0, 0));
      // Points apart by nothing are joined by edges of length zero.
      assertEquals(1, neighbours.components().count());
      try (Matrix geodesics = neighbours.geodesics(backend)) {
        assertEquals(0, backend.maxAbs(geodesics));
      }
    }
  }

  @EveryBackend
  void medianIsThatOfAllSquaredDistances(Backend backend) {
    for (int n : new int[] {1, 2, 7, 70}) {
      double[] points = new SplittableRandom(n).doubles(3L * n, -1, 5).toArray();
      double[] all = IntStream.range(0, n * n).mapToDouble(at -> squaredDistance(points, 3, at / n, at % n)).sorted()
          .toArray();
      try (Matrix x = backend.matrix(n, 3, points)) {
        double expected = (all[(all.length - 1) / 2] + all[all.length / 2]) / 2;
        assertEquals(expected, NearestNeighbours.medianSquaredDistance(backend, x), 1e-12);
      }
    }
  }

  @EveryBackend
  void geodesicsAreShortestPaths(Backend backend) {
    int n = 60;
    double[] points = new SplittableRandom(8).doubles(2L * n).toArray();
    try (Matrix x = backend.matrix(n, 2, points)) {
      var neighbours = NearestNeighbours.search(backend, x, 3);
      double[][] paths = floydWarshall(neighbours.binary(), points, n);
      try (Matrix geodesics = neighbours.geodesics(backend)) {
        double[] actual = geodesics.toArray();
        for (int at = 0; at < actual.length; at++) {
          double expected = paths[at / n][at % n];
          assertTrue(actual[at] == expected || Math.abs(actual[at] - expected) < 1e-12,
              at + ": " + actual[at] + " instead of " + expected);
        }
      }
    }
  }

  @EveryBackend
  void misuseIsRefused(Backend backend) {
    try (Matrix x = backend.matrix(3, 1, 1, 2, 4); Matrix nan = backend.matrix(3, 1, 1, Double.NaN, 4)) {
      for (int k : new int[] {0, 3}) {
        String text = assertThrows(InvalidArgument.class, () -> NearestNeighbours.search(backend, x, k)).getMessage();
        assertTrue(text.contains("k = " + k + " of 3 samples") && text.contains("from 1 to 2"), text);
      }
      assertThrows(NonFinite.class, () -> NearestNeighbours.search(backend, nan, 1));
      var neighbours = NearestNeighbours.search(backend, x, 1);
      assertThrows(InvalidArgument.class, () -> neighbours.heat(0));
      assertThrows(InvalidArgument.class, () -> neighbours.heat(Double.NaN));
    }
  }

  private static double[][] floydWarshall(RelationGraph graph, double[] points, int n) {
    var paths = new double[n][n];
    for (int i = 0; i < n; i++) {
      int from = i;
      Arrays.fill(paths[i], Double.POSITIVE_INFINITY);
      paths[i][i] = 0;
      graph.forEachEntry(i, (j, _) -> paths[from][j] = Math.sqrt(squaredDistance(points, 2, from, j)));
    }
    for (int via = 0; via < n; via++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          paths[i][j] = Math.min(paths[i][j], paths[i][via] + paths[via][j]);
        }
      }
    }
    return paths;
  }

  private static double squaredDistance(double[] points, int d, int i, int j) {
    return IntStream.range(0, d).mapToDouble(c -> points[i * d + c] - points[j * d + c]).map(v -> v * v).sum();
  }
}
