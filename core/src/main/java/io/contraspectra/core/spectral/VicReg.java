package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The optimum of squared VICReg (spectral.md 2): {@code alpha Σ_k (C_kk − 1)² + beta Σ_{j≠k} C_jk² +
 * (gamma/N) Σ_ij G_ij |z_i − z_j|²} with {@code C = Zᵀ H Z/(N − ddof)}. Laplacian eigenmaps whose mode k is scaled by
 * the square root of a gain {@code c_k} that falls with its eigenvalue; modes with {@code lambda_k >= alpha/gamma}
 * collapse exactly.
 *
 * @param alpha weight of the variance term, positive
 * @param beta weight of the covariance term, positive
 * @param gamma weight of the invariance term, positive; its effect depends on the scale of G
 * @param ddof 0 or 1
 */
public record VicReg(double alpha, double beta, double gamma, int ddof) {

  private static final String NAME = "vicreg";

  public VicReg {
    Requirements.positive(NAME, "alpha", alpha);
    Requirements.positive(NAME, "beta", beta);
    Requirements.positive(NAME, "gamma", gamma);
    if (ddof != 0 && ddof != 1) {
      throw new InvalidArgument(NAME + ": ddof = " + ddof + ", it must be 0 or 1");
    }
  }

  /**
   * The optimal embedding of free points.
   *
   * @param k K, at most N − 1
   */
  public Embedding embedding(Backend backend, RelationGraph graph, int k) {
    int n = graph.vertices();
    Requirements.dimensions(NAME, k, n - 1L, "an embedding of " + n + " centred samples has no more");
    var findings = new Findings();
    findings.components(graph);
    Modes modes = LaplacianEigenmaps.unnormalisedModes(backend, graph, k);
    return free(backend, modes, n, effective(n), findings, LaplacianEigenmaps.scale(graph));
  }

  /**
   * The optimal embedding where samples weigh as much as their degrees: covariance
   * {@code Zᵀ(D − ddᵀ/d.1)Z/d.1}, invariance {@code (2 gamma/d.1) tr ZᵀLZ}, with the modes of {@code L u = lambda D u}.
   * Isolated vertices weigh nothing and are placed at 0; ddof must be 0.
   *
   * @param k K, less than the number of vertices that are not isolated
   */
  public Embedding degreeWeighted(Backend backend, RelationGraph graph, int k) {
    requireNoDdof();
    var findings = new Findings();
    Modes modes = LaplacianEigenmaps.walkModes(NAME, backend, graph, k, findings);
    return free(backend, modes, graph.totalWeight(), gamma, findings, 2);
  }

  /**
   * The optimal linear encoder {@code Z = (X − mean) W}: modes of {@code XᵀLX w = lambda XᵀX w}.
   *
   * @param x N x d
   * @param k K, at most d; dimensions beyond the rank of X stay zero
   */
  public Embedding linear(Backend backend, Matrix x, RelationGraph graph, int k) {
    Requirements.samples(NAME, x, graph.vertices());
    try (var data = WhitenedData.plain(NAME, backend, x)) {
      return linear(data, graph, k, x.rows() - ddof, effective(x.rows()));
    }
  }

  /**
   * The optimal linear encoder of {@link #degreeWeighted}: {@code XᵀLX w = lambda XᵀDX w} on data without their
   * degree-weighted mean.
   */
  public Embedding linearDegreeWeighted(Backend backend, Matrix x, RelationGraph graph, int k) {
    requireNoDdof();
    Requirements.samples(NAME, x, graph.vertices());
    try (var data = WhitenedData.weighted(NAME, backend, x, graph.degrees(), true)) {
      return linear(data, graph, k, graph.totalWeight(), gamma);
    }
  }

  /**
   * The gains {@code c_k} of given modes, and none for the others.
   *
   * @param lambda eigenvalues, ascending
   * @param samples N, which matters where ddof is 1
   * @param k K, at least as many
   */
  public double[] gains(double[] lambda, long samples, int k) {
    return gains(lambda, effective(samples), k);
  }

  /** {@code gamma} for a covariance that is divided by N instead of N − ddof. */
  private double effective(long samples) {
    return gamma * (samples - ddof) / samples;
  }

  private double[] gains(double[] lambda, double gamma, int k) {
    if (alpha <= beta) {
      return Arrays.copyOf(Arrays.stream(lambda).map(value -> Math.max(0, 1 - gamma * value / alpha)).toArray(), k);
    }
    for (int active = lambda.length; active > 0; active--) {
      double sum = Arrays.stream(lambda, 0, active).sum();
      double mean = (active * alpha - gamma * sum) / (beta * k + active * (alpha - beta));
      var gains = new double[k];
      for (int i = 0; i < active; i++) {
        gains[i] = (alpha - (alpha - beta) * mean - gamma * lambda[i]) / beta;
      }
      if (gains[active - 1] > 0) {
        return gains;
      }
    }
    return new double[k];
  }

  private double optimum(double[] lambda, double[] gains, double gamma) {
    double sum = Arrays.stream(gains).sum();
    double value = 0;
    for (int i = 0; i < gains.length; i++) {
      double pull = i < lambda.length ? 2 * gamma * lambda[i] * gains[i] : 0;
      value += alpha <= beta ? alpha * (gains[i] - 1) * (gains[i] - 1) + pull
          : beta * gains[i] * gains[i] - 2 * alpha * gains[i] + alpha + pull;
    }
    return alpha <= beta ? value : value + (alpha - beta) * sum * sum / gains.length;
  }

  /** Points {@code sqrt(norm c_k) u_k}; modes are normalised to 1. */
  private Embedding free(Backend backend, Modes modes, double samples, double gamma, Findings findings, double scale) {
    int k = modes.values().length;
    double[] gains = gains(modes.values(), gamma, k);
    report(findings, modes.values(), modes.next(), gains, gamma, scale);
    double[][] columns = modes.vectors();
    Columns.orient(columns);
    for (int i = 0; i < k; i++) {
      Columns.scale(columns[i], Math.sqrt((samples - ddof) * gains[i]));
    }
    Matrix points = Columns.matrix(backend, rotated(columns, gains), columns[0].length);
    return new Embedding(points, modes.values(), gains, Optional.empty(),
        OptionalDouble.of(optimum(modes.values(), gains, gamma)), findings.list());
  }

  private Embedding linear(WhitenedData data, RelationGraph graph, int k, double norm, double gamma) {
    Requirements.dimensions(NAME, k, data.dimensions(), "a linear encoder of " + data.dimensions()
        + " inputs has no more");
    var findings = new Findings();
    data.report(findings);
    LinearModes modes;
    try (var laplacian = graph.laplacian(data.backend())) {
      modes = data.modes(laplacian, true, k);
    }
    double[] gains = gains(modes.values(), gamma, k);
    report(findings, modes.values(), modes.next(), gains, gamma, modes.scale());
    double[][] weights = modes.padded(k);
    Columns.orient(weights);
    for (int i = 0; i < k; i++) {
      Columns.scale(weights[i], Math.sqrt(norm * gains[i]));
    }
    return data.embedding(rotated(weights, gains), modes.values(), gains,
        OptionalDouble.of(optimum(modes.values(), gains, gamma)), findings);
  }

  private double[][] rotated(double[][] columns, double[] gains) {
    return alpha > beta ? Columns.product(columns, EqualDiagonal.rotation(gains)) : columns;
  }

  private void report(Findings findings, double[] lambda, double next, double[] gains, double gamma, double scale) {
    int used = lambda.length;
    if (used > 0 && gains[used - 1] > 0) {
      findings.cut(lambda[used - 1], next, used, scale);
    }
    findings.collapsed(gains, String.format(Locale.ROOT, "their eigenvalues are too large for alpha/gamma ="
        + " %.6g, or there is no such mode", alpha / gamma));
  }

  private void requireNoDdof() {
    if (ddof != 0) {
      throw new InvalidArgument(NAME + ": ddof = 1 has no meaning for a covariance that is weighted by degrees; use 0");
    }
  }
}
