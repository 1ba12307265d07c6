package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The optimum of VICReg with a hinge, {@code alpha Σ_k max(0, 1 − sqrt(C_kk)) + beta Σ_{j≠k} C_jk² +
 * (2 gamma/N) tr ZᵀLZ}, where it has a closed form (spectral.md 2): gains
 * {@code c_k = min(1, (alpha/(4 gamma lambda_k))²)}, as long as {@code beta >= alpha/(8 c_min^(3/2))}. For smaller beta
 * one direction is spread over several coordinates, the loss falls below this value, and no closed form is known.
 *
 * @param alpha weight of the variance term, positive
 * @param beta weight of the covariance term, positive
 * @param gamma weight of the invariance term, positive
 */
public record HingeVicReg(double alpha, double beta, double gamma) {

  private static final String NAME = "vicreg with a hinge";

  public HingeVicReg {
    Requirements.positive(NAME, "alpha", alpha);
    Requirements.positive(NAME, "beta", beta);
    Requirements.positive(NAME, "gamma", gamma);
  }

  /** The gains {@code c_k} of given modes, which are the optimum if {@link #hasClosedForm}. */
  public double[] gains(double... lambda) {
    return Arrays.stream(lambda).map(value -> {
      double root = alpha / (4 * gamma * value);
      return value <= 0 || root >= 1 ? 1 : root * root;
    }).toArray();
  }

  /** The least beta for which these modes have a closed form: {@code alpha/(8 c_min^(3/2))}. */
  public double leastBeta(double... lambda) {
    double least = Arrays.stream(gains(lambda)).min().orElse(1);
    return alpha / (8 * least * Math.sqrt(least));
  }

  /** Whether beta is large enough for the closed form to be the optimum. */
  public boolean hasClosedForm(double... lambda) {
    return beta >= leastBeta(lambda);
  }

  /**
   * The optimal embedding of free points.
   *
   * @param k K, at most N − 1
   * @throws InvalidArgument if the loss has no closed form for these modes
   */
  public Embedding embedding(Backend backend, RelationGraph graph, int k) {
    int n = graph.vertices();
    Requirements.dimensions(NAME, k, n - 1L, "an embedding of " + n + " centred samples has no more");
    var findings = new Findings();
    findings.components(graph);
    Modes modes = LaplacianEigenmaps.unnormalisedModes(backend, graph, k);
    double[] lambda = modes.values();
    if (!hasClosedForm(lambda)) {
      throw new InvalidArgument(NAME + ": beta = " + beta + " is below " + leastBeta(lambda) + ", so the loss has no"
          + " known closed form: lower values exist where one direction is spread over several coordinates; raise"
          + " beta, or lower gamma or K");
    }
    double[] gains = gains(lambda);
    double value = 0;
    for (int i = 0; i < k; i++) {
      value += alpha * (1 - Math.sqrt(gains[i])) + 2 * gamma * lambda[i] * gains[i];
    }
    double[] scaled = Arrays.stream(gains).map(gain -> gain * n).toArray();
    Embedding embedding = Factorisation.embedding(backend, modes, scaled, LaplacianEigenmaps.scale(graph),
        OptionalDouble.of(value), findings);
    return new Embedding(embedding.points(), lambda, gains, embedding.map(), embedding.optimum(), embedding.findings());
  }
}
