package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.GraphOperator;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Locality preserving projections (He and Niyogi 2004): linear Laplacian eigenmaps,
 * {@code XᵀLX w = lambda XᵀDX w} on data without their mean, smallest eigenvalues first, {@code wᵀXᵀDXw = 1}.
 */
public final class Lpp {

  private static final String NAME = "lpp";

  private Lpp() {}

  /**
   * The projection.
   *
   * @param x N x d
   * @param k K, at most the rank of X
   */
  public static Embedding embedding(Backend backend, Matrix x, RelationGraph graph, int k) {
    Requirements.samples(NAME, x, graph.vertices());
    try (var data = WhitenedData.weighted(NAME, backend, x, graph.degrees(), false);
        GraphOperator laplacian = graph.laplacian(backend)) {
      Requirements.dimensions(NAME, k, data.rank(), "the data span " + data.rank() + " dimensions");
      LinearModes modes = data.modes(laplacian, true, k);
      var findings = new Findings();
      findings.components(graph);
      findings.isolated(graph, "they have no say in the projection");
      var gains = new double[k];
      Arrays.fill(gains, 1);
      return Factorisation.linear(data, modes, gains, OptionalDouble.empty(), findings);
    }
  }
}
