package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.GraphOperator;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenOptions;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The optimum of squared SimCLR, {@code ‖Z Zᵀ − S‖²} with S = G or S = HGH (spectral.md 3): the top eigenpairs of S,
 * {@code Z = E diag(sqrt(theta₊))}. Kernel PCA and classical scaling are its instances for other S. Without centring
 * the first dimension is (nearly) constant.
 */
public final class SquaredSimClr {

  private static final String NAME = "simclr";

  private SquaredSimClr() {}

  /**
   * The optimal embedding of free points.
   *
   * @param k K, at most N
   * @param centred whether S = HGH
   * @return eigenvalues theta descending; their positive parts as gains
   */
  public static Embedding embedding(Backend backend, RelationGraph graph, int k, boolean centred) {
    int n = graph.vertices();
    Requirements.dimensions(NAME, k, centred ? n - 1L : n, "S has no more directions for " + n + " samples");
    Modes modes;
    try (GraphOperator adjacency = graph.adjacency(backend)) {
      modes = centred ? Modes.largestCentred(adjacency, k, EigenOptions.DEFAULTS) : Modes.largest(adjacency, k);
    }
    double[] gains = Factorisation.positiveParts(modes.values());
    return Factorisation.embedding(backend, modes, gains, Math.abs(modes.values()[0]),
        optimum(graph, centred, gains), new Findings());
  }

  /**
   * The optimal linear encoder {@code Z = (X − mean) W} for S = HGH or S = G, which differ in the optimal value only.
   *
   * @param x N x d
   * @param k K, at most d
   * @return eigenvalues theta of {@code (XᵀGX, XᵀX)} descending
   */
  public static Embedding linear(Backend backend, Matrix x, RelationGraph graph, int k, boolean centred) {
    Requirements.samples(NAME, x, graph.vertices());
    try (var data = WhitenedData.plain(NAME, backend, x); GraphOperator adjacency = graph.adjacency(backend)) {
      Requirements.dimensions(NAME, k, data.dimensions(), "a linear encoder of " + data.dimensions()
          + " inputs has no more");
      LinearModes modes = data.modes(adjacency, false, k);
      double[] gains = Arrays.copyOf(Factorisation.positiveParts(modes.values()), k);
      return Factorisation.linear(data, modes, gains, optimum(graph, centred, gains), new Findings());
    }
  }

  /** {@code ‖S‖² − Σ theta₊²}. */
  private static OptionalDouble optimum(RelationGraph graph, boolean centred, double[] gains) {
    double norm = graph.squaredNorm();
    if (centred) {
      // ‖HGH‖² = ‖G‖² − 2 ‖G1‖²/N + (1ᵀG1)²/N²
      double n = graph.vertices();
      double mean = graph.totalWeight() / n;
      norm += mean * mean - 2 * Factorisation.sumOfSquares(graph.degrees()) / n;
    }
    return OptionalDouble.of(norm - Factorisation.sumOfSquares(gains));
  }
}
