package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.LossParameter.Domain;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.List;
import java.util.function.Function;

/**
 * VICReg on a graph: {@code alpha Σ_k v(C_kk) + beta Σ_(j≠k) C_jk² + (gamma/N) Σ_ij G_ij ‖z_i − z_j‖²} with the
 * covariance C and v(c) = (c − 1)², or the hinge v(c) = max(0, 1 − sqrt(c + eps)); Laplacian eigenmaps (spectral.md 2).
 *
 * @param hinge whether v is the hinge
 * @param alpha weight of the variances
 * @param beta weight of the covariances
 * @param gamma weight of the invariance
 * @param ddof 0 or 1: covariances over N − ddof
 * @param eps added to variances under the hinge's root
 */
public record GraphVicReg(boolean hinge, double alpha, double beta, double gamma, double ddof, double eps)
    implements Loss {

  public GraphVicReg {
    LossParameter.require("alpha", Domain.NON_NEGATIVE, alpha);
    LossParameter.require("beta", Domain.NON_NEGATIVE, beta);
    LossParameter.require("gamma", Domain.NON_NEGATIVE, gamma);
    LossParameter.require("ddof", Domain.ZERO_OR_ONE, ddof);
    LossParameter.require("eps", Domain.NON_NEGATIVE, eps);
  }

  static List<LossEntry> entries() {
    var ddof = LossParameter.of("ddof", Domain.ZERO_OR_ONE, 0);
    return List.of(
        entry("graph-vicreg-sq", "(C_kk - 1)^2",
            c -> new GraphVicReg(false, c.number("alpha"), c.number("beta"), c.number("gamma"), c.number("ddof"), 0))
            .with(weight("alpha"), weight("beta"), weight("gamma"), ddof),
        entry("graph-vicreg-hinge", "max(0, 1 - sqrt(C_kk + eps))",
            c -> new GraphVicReg(true, c.number("alpha"), c.number("beta"), c.number("gamma"), c.number("ddof"),
                c.number("eps")))
            .with(weight("alpha"), weight("beta"), weight("gamma"), ddof,
                LossParameter.of("eps", Domain.NON_NEGATIVE, 0)));
  }

  private static LossParameter weight(String name) {
    return LossParameter.required(name, Domain.NON_NEGATIVE);
  }

  private static LossEntry entry(
      String name, String variance, Function<LossConstants, Loss> factory) {
    return LossEntry.of(name, LossStyle.GRAPH, "alpha sum_k " + variance
        + " + beta sum_{j!=k} C_jk^2 + gamma/n sum_ij G_ij |z_i - z_j|^2, C the covariance (n - ddof)",
        "Balestriero, LeCun 2022, arXiv 2205.11508; spectral.md 2", factory).taking(SideArray.GRAPH);
  }

  @Override
  public String name() {
    return hinge ? "graph-vicreg-hinge" : "graph-vicreg-sq";
  }

  @Override
  public LossStyle style() {
    return LossStyle.GRAPH;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return Covariance.bytes(dtype, samples, outputs)
        + GraphMatrix.bytes(dtype, samples, outputs)
        + Workspace.bytes(dtype, samples, outputs);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    Matrix graph = GraphMatrix.require(arrays, this, backend, dtype, samples);
    if (samples <= ddof) {
      throw new InvalidArgument(name() + " with ddof 1 needs at least 2 samples, got " + samples);
    }
    return new Evaluation(this, backend, dtype, samples, outputs, graph);
  }

  /** v(c). */
  private double variance(double c) {
    return hinge ? Math.max(0, 1 - Math.sqrt(c + eps)) : (c - 1) * (c - 1);
  }

  /** v'(c), 0 where the hinge has a kink. */
  private double varianceDerivative(double c) {
    if (!hinge) {
      return 2 * (c - 1);
    }
    double deviation = Math.sqrt(c + eps);
    return deviation < 1 && deviation > 0 ? -1 / (2 * deviation) : 0;
  }

  private static final class Evaluation extends BlockEvaluation {

    private final GraphVicReg loss;
    private final Covariance covariance;
    private final GraphMatrix graph;
    private final Matrix laplacian;

    Evaluation(GraphVicReg loss, Backend backend, DType dtype, long samples, long outputs, Matrix graph) {
      super(loss, backend, dtype, samples, outputs);
      this.loss = loss;
      this.covariance = new Covariance(backend, workspace, dtype, samples, outputs, loss.ddof);
      this.graph = new GraphMatrix(backend, workspace, graph, outputs);
      this.laplacian = workspace.matrix(dtype, samples, outputs);
    }

    @Override
    double value(Matrix z, Matrix gradient) {
      double[] c = covariance.of(z);
      graph.apply(covariance.centred());
      backend.multiplyColumn(graph.degrees(), graph.points(), laplacian);
      backend.add(-1, graph.image(), 1, laplacian);
      double value = terms(c) + 2 * loss.gamma / samples * backend.dot(graph.points(), laplacian);
      backend.add(4 * loss.gamma / samples, laplacian, 0, gradient);
      covariance.addGradient(c, gradient);
      return value;
    }

    /** The terms of C; replaces C by their derivatives with respect to its entries. */
    private double terms(double[] c) {
      int k = Math.toIntExact(outputs);
      double diagonal = 0;
      double offDiagonal = 0;
      for (int row = 0; row < k; row++) {
        for (int col = 0; col < k; col++) {
          int at = row * k + col;
          if (row == col) {
            diagonal += loss.variance(c[at]);
            c[at] = loss.alpha * loss.varianceDerivative(c[at]);
          } else {
            offDiagonal += c[at] * c[at];
            c[at] *= 2 * loss.beta;
          }
        }
      }
      return loss.alpha * diagonal + loss.beta * offDiagonal;
    }
  }
}
