package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.GraphOperator;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenOptions;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Optima of Barlow Twins on a graph, {@code ‖Zᵀ G Z − I‖²} (spectral.md 4). The loss with standardised columns has no
 * closed form and may prefer copies of one mode; these two forms have one:
 *
 * <ul>
 *   <li>constrained by {@code Zᵀ D Z = I}: the top eigenvectors of {@code D^(-1/2) G D^(-1/2)}, which is the reading as
 *       canonical correlations; value {@code Σ (1 − theta_k)²};
 *   <li>unnormalised: eigenvectors of HGH with positive eigenvalues, divided by their roots; value K less their number.
 * </ul>
 */
public final class BarlowTwins {

  private static final String NAME = "barlow-twins";

  private BarlowTwins() {}

  /**
   * The optimum under {@code Zᵀ D Z = I}, without the constant vector. Isolated vertices are placed at 0.
   *
   * @param k K, less than the number of vertices that are not isolated
   * @return eigenvalues theta descending
   */
  public static Embedding constrained(Backend backend, RelationGraph graph, int k) {
    var findings = new Findings();
    // theta = 1 − lambda of L u = lambda D u, with the same vectors.
    Modes modes = LaplacianEigenmaps.walkModes(NAME, backend, graph, k, findings);
    double[] theta = Arrays.stream(modes.values()).map(lambda -> 1 - lambda).toArray();
    return Factorisation.embedding(backend, new Modes(theta, modes.vectors(), 1 - modes.next()), ones(k), 1,
        constrainedOptimum(theta, k), findings);
  }

  /**
   * The optimum without a constraint. If there are more than K positive eigenvalues, any K of them are optimal; the
   * largest are taken.
   *
   * @param k K, at most N − 1
   * @return eigenvalues theta of HGH descending; {@code 1/theta} as gains, 0 where theta is not positive
   */
  public static Embedding unnormalised(Backend backend, RelationGraph graph, int k) {
    int n = graph.vertices();
    Requirements.dimensions(NAME, k, n - 1L, "the constant vector of the " + n + " is left out");
    Modes modes;
    try (GraphOperator adjacency = graph.adjacency(backend)) {
      modes = Modes.largestCentred(adjacency, k, EigenOptions.DEFAULTS);
    }
    double[] gains = inverses(modes.values(), k, modes.values()[0]);
    return Factorisation.embedding(backend, modes, gains, modes.values()[0], unnormalisedOptimum(gains),
        new Findings());
  }

  /**
   * The optimal linear encoder under {@code Zᵀ D Z = I}: eigenvectors of {@code (XᵀGX, XᵀDX)}, on data without their
   * mean.
   *
   * @param x N x d
   * @param k K, at most the rank of X
   */
  public static Embedding linearConstrained(Backend backend, Matrix x, RelationGraph graph, int k) {
    Requirements.samples(NAME, x, graph.vertices());
    try (var data = WhitenedData.weighted(NAME, backend, x, graph.degrees(), false);
        GraphOperator adjacency = graph.adjacency(backend)) {
      Requirements.dimensions(NAME, k, data.rank(), "the constraint needs as many independent inputs, and there are "
          + data.rank());
      LinearModes modes = data.modes(adjacency, false, k);
      var findings = new Findings();
      findings.isolated(graph, "they have no say in the encoder");
      return Factorisation.linear(data, modes, ones(k), constrainedOptimum(modes.values(), k), findings);
    }
  }

  /**
   * The optimal linear encoder without a constraint: eigenvectors of {@code (XᵀGX, XᵀX)} with positive theta, divided
   * by its root.
   *
   * @param x N x d
   * @param k K, at most d
   */
  public static Embedding linearUnnormalised(Backend backend, Matrix x, RelationGraph graph, int k) {
    Requirements.samples(NAME, x, graph.vertices());
    try (var data = WhitenedData.plain(NAME, backend, x); GraphOperator adjacency = graph.adjacency(backend)) {
      Requirements.dimensions(NAME, k, data.dimensions(), "a linear encoder of " + data.dimensions()
          + " inputs has no more");
      LinearModes modes = data.modes(adjacency, false, k);
      double[] gains = inverses(modes.values(), k, modes.scale());
      return Factorisation.linear(data, modes, gains, unnormalisedOptimum(gains), new Findings());
    }
  }

  private static double[] inverses(double[] theta, int k, double scale) {
    return Arrays.copyOf(Arrays.stream(theta).map(v -> v > Factorisation.POSITIVE * scale ? 1 / v : 0).toArray(), k);
  }

  private static OptionalDouble constrainedOptimum(double[] theta, int k) {
    return OptionalDouble.of(Arrays.stream(theta).limit(k).map(v -> (1 - v) * (1 - v)).sum());
  }

  private static OptionalDouble unnormalisedOptimum(double[] gains) {
    return OptionalDouble.of(Arrays.stream(gains).filter(gain -> gain == 0).count());
  }

  private static double[] ones(int k) {
    var ones = new double[k];
    Arrays.fill(ones, 1);
    return ones;
  }
}
