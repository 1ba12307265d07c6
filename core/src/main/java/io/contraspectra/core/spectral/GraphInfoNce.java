package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenOptions;
import io.contraspectra.core.operator.Operators;
import io.contraspectra.core.operator.SymmetricOperator;
import io.contraspectra.core.spectral.Finding.Kind;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * InfoNCE on a graph, {@code −(1/N) Σ_ij P_ij log softmax_(j≠i)(s_ij)} with the row-normalised relation P (spectral.md
 * 3). Its value is at least the mean row entropy of P, and equals it exactly where the softmax of the similarities is
 * P. That is possible if the relation comes from points of K dimensions, which are then recovered by an eigenproblem.
 */
public final class GraphInfoNce {

  private static final String NAME = "infonce";

  /** Relative misfit up to which points reproduce their relation. */
  private static final double ATTAINED = 1e-8;

  private GraphInfoNce() {}

  /**
   * The lower bound of the loss, {@code −(1/N) Σ_ij P_ij log P_ij}.
   *
   * @param graph without loops and isolated vertices
   */
  public static double entropy(RelationGraph graph) {
    requireRows(graph);
    double[] sum = {0};
    for (int i = 0; i < graph.vertices(); i++) {
      double degree = graph.degree(i);
      graph.forEachEntry(i, (_, weight) -> sum[0] -= weight / degree * Math.log(weight / degree));
    }
    return sum[0] / graph.vertices();
  }

  /**
   * Points for the similarity {@code −|z_i − z_j|²/tau}: classical scaling of {@code delta² = −tau log G}. They attain
   * the bound if delta is Euclidean in K dimensions; otherwise the result says so and has no optimum.
   *
   * @param graph positive everywhere but on the diagonal
   */
  public static Embedding distances(Backend backend, RelationGraph graph, double tau, int k) {
    requirePositive(graph, tau, k);
    return attained(backend, graph, k, (i, j, g) -> i == j ? 0 : tau / 2 * Math.log(g), true);
  }

  /**
   * Unit vectors for the similarity {@code cos/tau}: {@code G_ij = exp(u_i·u_j/tau)}. They attain the bound if the
   * matrix with {@code tau log G_ij} off and 1 on the diagonal is a Gram matrix of rank K.
   *
   * @param graph positive everywhere but on the diagonal
   */
  public static Embedding cosines(Backend backend, RelationGraph graph, double tau, int k) {
    requirePositive(graph, tau, k);
    return attained(backend, graph, k, (i, j, g) -> i == j ? 1 : tau * Math.log(g), false);
  }

  /**
   * Points for the similarity {@code z_i·z_j/tau} with a softmax over all j, where the relation is weak:
   * {@code P = (1 − e) 1 1ᵀ/N + e P₀} with small e has {@code Z Zᵀ = tau N H P H} on its top K positive modes, with a
   * relative error of order e. This is kernel PCA of the centred relation; it has no optimum of its own.
   *
   * @param graph without isolated vertices; loops are allowed
   */
  public static Embedding weakRelation(Backend backend, RelationGraph graph, double tau, int k) {
    int n = graph.vertices();
    Requirements.positive(NAME, "tau", tau);
    Requirements.dimensions(NAME, k, n - 1L, "a centred relation of " + n + " samples has no more");
    requireNoIsolated(graph);
    return factorised(backend, graph, k, (i, j, g) -> tau * n * g * (1 / graph.degree(i) + 1 / graph.degree(j)) / 2,
        true);
  }

  private interface Entry {
    double at(int i, int j, double weight);
  }

  private static Embedding factorised(Backend backend, RelationGraph graph, int k, Entry entry, boolean centred) {
    try (Matrix s = matrix(backend, graph, entry)) {
      SymmetricOperator operator = Operators.explicit(backend, s);
      if (centred) {
        return KernelPca.factorisation(operator, k, EigenOptions.DEFAULTS);
      }
      Modes modes = Modes.largest(operator, k);
      return Factorisation.embedding(backend, modes, Factorisation.positiveParts(modes.values()),
          Math.abs(modes.values()[0]), OptionalDouble.empty(), new Findings());
    }
  }

  /** The factorisation, with the bound as its optimum if its similarities are those asked for. */
  private static Embedding attained(Backend backend, RelationGraph graph, int k, Entry entry, boolean distances) {
    Embedding found = factorised(backend, graph, k, entry, distances);
    double misfit = misfit(found.points().toArray(), k, graph, entry, distances);
    double bound = entropy(graph);
    if (misfit <= ATTAINED) {
      return new Embedding(found.points(), found.values(), found.gains(), found.map(), OptionalDouble.of(bound),
          found.findings());
    }
    var findings = new Findings();
    findings.list().addAll(found.findings());
    findings.add(Kind.NOT_ATTAINED, "the relation is not one of points in %d dimensions (misfit %.2g): the entropy"
        + " %.10g is a lower bound, and the points are a spectral approximation", k, misfit, bound);
    return new Embedding(found.points(), found.values(), found.gains(), found.map(), OptionalDouble.empty(),
        findings.list());
  }

  /** Largest relative deviation of the similarities of points from those of the relation. */
  private static double misfit(double[] z, int k, RelationGraph graph, Entry entry, boolean distances) {
    double[] worst = {0, 0};
    for (int i = 0; i < graph.vertices(); i++) {
      int row = i;
      RelationGraph.Entry compared = (j, weight) -> {
        double similarity = 0;
        for (int c = 0; c < k; c++) {
          double a = z[row * k + c];
          double b = z[j * k + c];
          similarity += distances ? -(a - b) * (a - b) / 2 : a * b;
        }
        double wanted = entry.at(row, j, weight);
        worst[0] = Math.max(worst[0], Math.abs(similarity - wanted));
        worst[1] = Math.max(worst[1], Math.abs(wanted));
      };
      compared.accept(i, 0);
      graph.forEachEntry(i, compared);
    }
    return worst[0] / Math.max(worst[1], Double.MIN_NORMAL);
  }

  private static Matrix matrix(Backend backend, RelationGraph graph, Entry entry) {
    int n = graph.vertices();
    Matrix s = backend.zeros(DType.F64, n, n);
    for (int i = 0; i < n; i++) {
      int from = i;
      var row = new double[n];
      row[i] = entry.at(i, i, 0);
      graph.forEachEntry(i, (j, weight) -> row[j] = entry.at(from, j, weight));
      s.rowRange(i, 1).copyFrom(row);
    }
    return s;
  }

  private static void requirePositive(RelationGraph graph, double tau, int k) {
    int n = graph.vertices();
    Requirements.positive(NAME, "tau", tau);
    Requirements.dimensions(NAME, k, n - 1L, n + " samples span no more");
    requireRows(graph);
    if (graph.entries() != (long) n * (n - 1)) {
      throw new InvalidArgument(NAME + ": " + ((long) n * (n - 1) - graph.entries()) + " pairs of samples are not"
          + " related at all, which takes infinite distances; give a relation that is positive between all samples");
    }
  }

  private static void requireRows(RelationGraph graph) {
    requireNoIsolated(graph);
    for (int i = 0; i < graph.vertices(); i++) {
      if (graph.weight(i, i) > 0) {
        throw new InvalidArgument(NAME + ": sample " + i + " is related to itself, which the softmax leaves out; set"
            + " the diagonal of G to 0");
      }
    }
  }

  private static void requireNoIsolated(RelationGraph graph) {
    int[] isolated = graph.isolatedVertices();
    if (isolated.length > 0) {
      throw new InvalidArgument(NAME + ": " + isolated.length + " samples have no relation (" + Arrays.stream(isolated)
          .limit(3).mapToObj(i -> String.format(Locale.ROOT, "%d", i)).toList() + " …), so their rows of P are"
          + " undefined; leave them out");
    }
  }
}
