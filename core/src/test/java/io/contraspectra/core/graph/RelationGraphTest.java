package io.contraspectra.core.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.golden.Golden;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Relations, their components and their operators, against golden matrices and direct formulas. */
class RelationGraphTest {

  private static final double ROUNDING = 1e-13;

  @EveryBackend
  void labelsAndAugmentationsAreTheGoldenRelations(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-spectral")) {
      int[] labels = DoubleStream.of(golden.doubles("y")).mapToInt(y -> (int) y).toArray();
      assertMatrix(golden, "G_label", Relations.labels(labels), backend);
      assertMatrix(golden, "G_aug", Relations.augmentations(12, 2), backend);
    }
  }

  @Test
  void labelGraphIsAProjectorWithDegreesOne() {
    RelationGraph graph = Relations.labels(7, -1, 7, 7, -1);
    assertArrayEquals(new double[] {1, 1, 1, 1, 1}, graph.degrees(), ROUNDING);
    assertEquals(2, graph.squaredNorm(), ROUNDING);
    assertEquals(1.0 / 3, graph.weight(0, 3));
    assertEquals(0, graph.weight(0, 1));
    assertEquals(3, Relations.rawLabels(7, -1, 7, 7, -1).degree(2));
  }

  @Test
  void twoViewsRelateEqualRows() {
    RelationGraph graph = Relations.twoViews(3);
    assertEquals(6, graph.entries());
    assertEquals(1, graph.weight(1, 4));
    assertEquals(1, graph.weight(4, 1));
    assertEquals(3, graph.components().count());
  }

  @Test
  void interpolationMixesEntryByEntry() {
    RelationGraph first = Relations.labels(0, 0, 1, 1);
    RelationGraph mixed = first.interpolatedWith(0.25, Relations.rawLabels(0, 1, 1, 0));
    assertEquals(0.75 * 0.5 + 0.25, mixed.weight(2, 2), ROUNDING);
    assertEquals(0.75 * 0.5, mixed.weight(0, 1), ROUNDING);
    assertEquals(0.25, mixed.weight(0, 3), ROUNDING);
    assertEquals(0, mixed.weight(0, 2));
    assertEquals(first.entries(), first.interpolatedWith(0, mixed).entries(), "weights of zero leave no entries");
    assertTrue(text(() -> first.interpolatedWith(1.5, mixed)).contains("between 0 and 1"));
    assertTrue(text(() -> first.interpolatedWith(0.5, Relations.twoViews(1))).contains("the same samples"));
  }

  @EveryBackend
  void componentsAndIsolatedVerticesAreFound(Backend backend) {
    try (Matrix g = backend.zeros(DType.F64, 6, 6)) {
      for (int[] edge : new int[][] {{0, 4}, {4, 5}, {1, 3}}) {
        g.set(edge[0], edge[1], 2);
        g.set(edge[1], edge[0], 2);
      }
      RelationGraph graph = RelationGraph.of(backend, g);
      ConnectedComponents components = graph.components();
      assertEquals(3, components.count());
      assertArrayEquals(new int[] {3, 2, 1}, components.sizes());
      assertEquals(components.of(0), components.of(5));
      assertArrayEquals(new int[] {2}, graph.isolatedVertices());
      assertEquals(12, graph.totalWeight());
    }
  }

  @EveryBackend
  void operatorsMultiplyAsTheirMatrices(Backend backend) {
    // A ring with loops is sparse, a complete graph dense; one vertex of the first is isolated.
    for (boolean dense : new boolean[] {false, true}) {
      double[][] g = dense ? complete(9) : ring(23);
      RelationGraph graph = graph(backend, g);
      double[] degrees = Arrays.stream(g).mapToDouble(row -> DoubleStream.of(row).sum()).toArray();
      check(graph.adjacency(backend), (i, j) -> g[i][j]);
      check(graph.laplacian(backend), (i, j) -> (i == j ? degrees[i] : 0) - g[i][j]);
      check(graph.normalisedAdjacency(backend), (i, j) -> normalised(g, degrees, i, j));
      check(graph.normalisedLaplacian(backend),
          (i, j) -> (i == j && degrees[i] > 0 ? 1 : 0) - normalised(g, degrees, i, j));
    }
  }

  @EveryBackend
  void badMatricesAreRefused(Backend backend) {
    assertTrue(refusal(backend, InvalidArgument.class, 1, 2, 0, 1).contains("entry (0, 1) is 2.0, entry (1, 0) is 0.0"));
    assertTrue(refusal(backend, InvalidArgument.class, 1, -2, -2, 1).contains("(0, 1) of G is -2.0"));
    assertTrue(refusal(backend, InvalidArgument.class, 0, 0, 0, 0).contains("nothing is related"));
    assertTrue(refusal(backend, NonFinite.class, 0, Double.NaN, 0, 0).contains("row 0, column 1"));
    try (Matrix wide = backend.zeros(DType.F64, 2, 3)) {
      assertTrue(text(() -> RelationGraph.of(backend, wide)).contains("must be square"));
    }
    assertTrue(text(Relations::labels).contains("no labels"));
    assertTrue(text(() -> Relations.augmentations(3, 1)).contains("two views"));
  }

  private static String refusal(Backend backend, Class<? extends ContraSpectraException> kind, double... entries) {
    try (Matrix g = backend.matrix(2, 2, entries)) {
      return assertThrows(kind, () -> RelationGraph.of(backend, g)).getMessage();
    }
  }

  private static String text(Executable call) {
    return assertThrows(InvalidArgument.class, call).getMessage();
  }

  private static void assertMatrix(Golden golden, String array, RelationGraph graph, Backend backend) {
    try (Matrix matrix = graph.toMatrix(backend, DType.F64); Matrix expected = golden.matrix(array, backend)) {
      golden.assertClose(array, matrix, ROUNDING);
      assertEquals(graph.entries(), RelationGraph.of(backend, expected).entries());
    }
  }

  private interface Formula {
    double at(int i, int j);
  }

  private static void check(GraphOperator operator, Formula formula) {
    int n = (int) operator.size();
    Backend backend = operator.backend();
    var random = new SplittableRandom(5);
    double[] vectors = random.doubles(6L * n, -1, 1).toArray();
    try (operator; Matrix x = backend.matrix(6, n, vectors); Matrix y = backend.zeros(DType.F64, 6, n);
        Matrix matrix = operator.toMatrix()) {
      operator.apply(x, y);
      double[] actual = y.toArray();
      double[] entries = matrix.toArray();
      double trace = 0;
      for (int i = 0; i < n; i++) {
        trace += formula.at(i, i);
        for (int v = 0; v < 6; v++) {
          double sum = 0;
          for (int j = 0; j < n; j++) {
            sum += formula.at(i, j) * vectors[v * n + j];
            assertEquals(formula.at(i, j), entries[i * n + j], ROUNDING);
          }
          assertEquals(sum, actual[v * n + i], 50 * ROUNDING);
        }
      }
      assertEquals(trace, operator.trace().orElseThrow(), 50 * ROUNDING);
    }
  }

  private static double normalised(double[][] g, double[] degrees, int i, int j) {
    return degrees[i] > 0 && degrees[j] > 0 ? g[i][j] / Math.sqrt(degrees[i] * degrees[j]) : 0;
  }

  private static double[][] ring(int n) {
    var g = new double[n][n];
    for (int i = 0; i < n - 1; i++) {
      int next = (i + 1) % (n - 1);
      g[i][next] += 1 + i;
      g[next][i] += 1 + i;
      g[i][i] = 0.5;
    }
    return g;
  }

  private static double[][] complete(int n) {
    var g = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        g[i][j] = 1.0 / (1 + i + j);
      }
    }
    return g;
  }

  private static RelationGraph graph(Backend backend, double[][] g) {
    double[] entries = Arrays.stream(g).flatMapToDouble(DoubleStream::of).toArray();
    try (Matrix matrix = backend.matrix(g.length, g.length, entries)) {
      return RelationGraph.of(backend, matrix);
    }
  }
}
