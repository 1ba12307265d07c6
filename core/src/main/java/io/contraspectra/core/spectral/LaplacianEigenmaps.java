package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.GraphOperator;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Laplacian eigenmaps (Belkin and Niyogi 2003): the eigenvectors of the smallest eigenvalues of a graph's Laplacian.
 * The constant vector, and nothing else, is left out: a graph of s components has s − 1 further zero eigenvalues, whose
 * vectors tell the components apart and are kept (spectral.md 8.3).
 */
public final class LaplacianEigenmaps {

  private static final String NAME = "laplacian eigenmaps";

  private LaplacianEigenmaps() {}

  /**
   * Modes of the random walk: {@code L u = lambda D u} with {@code uᵀDu = 1}. Isolated vertices are placed at 0.
   *
   * @param k K, less than the number of vertices that are not isolated
   * @return eigenvalues ascending
   */
  public static Embedding walk(Backend backend, RelationGraph graph, int k) {
    var findings = new Findings();
    return embedding(backend, walkModes(NAME, backend, graph, k, findings), findings, 2);
  }

  /**
   * Modes of the Laplacian itself: {@code L u = lambda u} with {@code uᵀu = 1}.
   *
   * @param k K, less than the number of vertices
   * @return eigenvalues ascending
   */
  public static Embedding unnormalised(Backend backend, RelationGraph graph, int k) {
    int n = graph.vertices();
    Requirements.dimensions(NAME, k, n - 1L, "the constant vector of the " + n + " is left out");
    var findings = new Findings();
    findings.components(graph);
    return embedding(backend, unnormalisedModes(backend, graph, k), findings, scale(graph));
  }

  /** The smallest modes of L on what is orthogonal to the constant vector. */
  static Modes unnormalisedModes(Backend backend, RelationGraph graph, int k) {
    try (GraphOperator laplacian = graph.laplacian(backend)) {
      return Modes.smallest(laplacian, k, Modes.constant(graph.vertices()));
    }
  }

  /** The smallest modes of {@code L u = lambda D u} with {@code uᵀDu = 1}, 0 at isolated vertices. */
  static Modes walkModes(String method, Backend backend, RelationGraph graph, int k, Findings findings) {
    int[] related = IntStream.range(0, graph.vertices()).filter(i -> graph.degree(i) > 0).toArray();
    Requirements.dimensions(method, k, related.length - 1L, "the constant vector of the " + related.length
        + " related samples is left out");
    findings.isolated(graph, "they are placed at 0");
    RelationGraph connected = related.length == graph.vertices() ? graph : graph.induced(related);
    findings.components(connected);
    double[] roots = Arrays.stream(connected.degrees()).map(Math::sqrt).toArray();
    double norm = Math.sqrt(connected.totalWeight());
    try (GraphOperator laplacian = connected.normalisedLaplacian(backend)) {
      Modes modes = Modes.smallest(laplacian, k, Arrays.stream(roots).map(root -> root / norm).toArray());
      var vectors = new double[modes.vectors().length][graph.vertices()];
      for (int c = 0; c < vectors.length; c++) {
        for (int i = 0; i < related.length; i++) {
          vectors[c][related[i]] = modes.vectors()[c][i] / roots[i];
        }
      }
      return new Modes(modes.values(), vectors, modes.next());
    }
  }

  /** A bound of the Laplacian's eigenvalues: twice the largest degree. */
  static double scale(RelationGraph graph) {
    return 2 * Arrays.stream(graph.degrees()).max().orElse(0);
  }

  private static Embedding embedding(Backend backend, Modes modes, Findings findings, double scale) {
    int k = modes.values().length;
    findings.cut(modes.values()[k - 1], modes.next(), k, scale);
    double[][] columns = modes.vectors();
    Columns.orient(columns);
    var gains = new double[k];
    Arrays.fill(gains, 1);
    Matrix points = Columns.matrix(backend, columns, columns[0].length);
    return new Embedding(points, modes.values(), gains, Optional.empty(), OptionalDouble.empty(), findings.list());
  }
}
