package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.GraphOperator;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The optimum of the spectral contrastive loss {@code −2 Σ Gs_ij z_i·z_j + Σ ds_i ds_j (z_i·z_j)²} with
 * {@code Gs = G/ΣG} and its degrees ds (HaoChen et al. 2021; spectral.md 3): a factorisation of
 * {@code D^(-1/2) G D^(-1/2)}, whose first eigenvalue 1 belongs to a constant dimension.
 */
public final class SpectralContrastive {

  private static final String NAME = "spectral-contrastive";

  private SpectralContrastive() {}

  /**
   * The optimal embedding of free points, {@code Z = Ds^(-1/2) E diag(sqrt(theta₊))}. Isolated vertices are placed at
   * 0.
   *
   * @param k K, at most the number of vertices that are not isolated
   * @return eigenvalues theta descending; their positive parts as gains
   */
  public static Embedding embedding(Backend backend, RelationGraph graph, int k) {
    var findings = new Findings();
    findings.isolated(graph, "they are placed at 0");
    int related = graph.vertices() - graph.isolatedVertices().length;
    Requirements.dimensions(NAME, k, related, "there are " + related + " related samples");
    Modes modes;
    try (GraphOperator adjacency = graph.normalisedAdjacency(backend)) {
      modes = Modes.largest(adjacency, k);
    }
    for (double[] vector : modes.vectors()) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] *= graph.degree(i) > 0 ? Math.sqrt(graph.totalWeight() / graph.degree(i)) : 0;
      }
    }
    double[] gains = Factorisation.positiveParts(modes.values());
    return Factorisation.embedding(backend, modes, gains, 1, optimum(gains), findings);
  }

  /**
   * The optimal linear encoder {@code Z = (X − mean) W}: eigenvectors of {@code (XᵀGsX, XᵀDsX)} with
   * {@code wᵀXᵀDsXw = 1}, times {@code sqrt(theta₊)}. theta is 1 less an eigenvalue of {@link Lpp}.
   *
   * @param x N x d
   * @param k K, at most d
   */
  public static Embedding linear(Backend backend, Matrix x, RelationGraph graph, int k) {
    Requirements.samples(NAME, x, graph.vertices());
    double[] shares = Arrays.stream(graph.degrees()).map(d -> d / graph.totalWeight()).toArray();
    try (var data = WhitenedData.weighted(NAME, backend, x, shares, false);
        GraphOperator adjacency = graph.adjacency(backend)) {
      Requirements.dimensions(NAME, k, data.dimensions(), "a linear encoder of " + data.dimensions()
          + " inputs has no more");
      LinearModes modes = data.modes(adjacency, false, k).times(1 / graph.totalWeight());
      double[] gains = Arrays.copyOf(Factorisation.positiveParts(modes.values()), k);
      var findings = new Findings();
      findings.isolated(graph, "they have no say in the encoder");
      return Factorisation.linear(data, modes, gains, optimum(gains), findings);
    }
  }

  /** {@code −Σ theta₊²}. */
  private static OptionalDouble optimum(double[] gains) {
    return OptionalDouble.of(-Factorisation.sumOfSquares(gains));
  }
}
