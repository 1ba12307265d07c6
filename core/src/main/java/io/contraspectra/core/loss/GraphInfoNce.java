package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.List;
import java.util.Optional;

/**
 * InfoNCE with the rows of a graph as targets, {@code −(1/N) Σ_ij P_ij log softmax_(j≠i)(s_ij)}, on cosines
 * s = cos/tau or on squared distances s = −‖z_i − z_j‖²/tau (spectral.md 3). Its least value is the mean entropy of
 * the rows P, attained where the softmax equals them.
 *
 * @param cosines cosines rather than distances
 * @param tau temperature, positive
 */
public record GraphInfoNce(boolean cosines, double tau) implements Loss {

  public GraphInfoNce {
    LossParameter.require("tau", LossParameter.Domain.POSITIVE, tau);
  }

  static List<LossEntry> entries() {
    return List.of(
        entry("graph-infonce-cos", "cos(z_i, z_j)/tau", true, .5),
        entry("graph-infonce-dist", "-|z_i - z_j|^2/tau", false, 2));
  }

  private static LossEntry entry(String name, String similarity, boolean cosines, double tau) {
    return LossEntry.of(name, LossStyle.GRAPH,
            "-mean_i sum_j P_ij log softmax_{j!=i}(s_ij), P = rows of G divided by their sums, s_ij = " + similarity,
            "Balestriero, LeCun 2022, arXiv 2205.11508; spectral.md 3",
            constants -> new GraphInfoNce(cosines, constants.number("tau")))
        .with(LossParameter.tau(tau))
        .taking(SideArray.GRAPH);
  }

  @Override
  public String name() {
    return cosines ? "graph-infonce-cos" : "graph-infonce-dist";
  }

  @Override
  public LossStyle style() {
    return LossStyle.GRAPH;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return GraphSoftmax.bytes(dtype, samples) + (cosines
        ? SimilarityEvaluation.bytes(Similarity.COS, dtype, samples, outputs)
        : Distances.bytes(dtype, samples, outputs));
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    Matrix graph = GraphMatrix.require(arrays, this, backend, dtype, samples);
    if (cosines) {
      CosineRows.requireDirections(Similarity.COS, outputs, name());
      return new Cosines(this, backend, samples, outputs, graph);
    }
    return new Distances(this, backend, samples, outputs, graph);
  }

  private static final class Cosines extends SimilarityEvaluation {

    private final double tau;
    private final GraphSoftmax softmax;

    Cosines(GraphInfoNce loss, Backend backend, long samples, long outputs, Matrix graph) {
      super(loss, Similarity.COS, backend, graph.dtype(), samples, outputs);
      this.tau = loss.tau;
      this.softmax = new GraphSoftmax(loss.name(), backend, workspace, graph);
    }

    @Override
    double ofDotProducts(Matrix u, Matrix gradient) {
      double scale = 1 / (tau * samples);
      backend.fill(0, gradient);
      return softmax.evaluate(
          (first, block) -> TiledGemm.gemm(backend, NO, YES, 1 / tau, u.rowRange(first, block.rows()), u, 0, block),
          (first, block) -> {
            TiledGemm.gemm(backend, NO, NO, scale, block, u, 1, gradient.rowRange(first, block.rows()));
            TiledGemm.gemm(backend, YES, NO, scale, block, u.rowRange(first, block.rows()), 1, gradient);
          });
    }
  }

  /** With C = N dL/ds, {@code dZ = (2/(N tau)) ((C + Cᵀ)Z − (C + Cᵀ)1 ∘ Z)}. */
  private static final class Distances extends BlockEvaluation {

    private final double tau;
    private final GraphSoftmax softmax;
    private final PairDistances distances;
    private final Matrix mean;
    private final Matrix points;
    private final Matrix sums;

    Distances(GraphInfoNce loss, Backend backend, long samples, long outputs, Matrix graph) {
      super(loss, backend, graph.dtype(), samples, outputs);
      this.tau = loss.tau;
      this.softmax = new GraphSoftmax(loss.name(), backend, workspace, graph);
      this.distances = new PairDistances(backend, workspace, dtype, samples, outputs);
      this.mean = workspace.matrix(dtype, 1, outputs);
      this.points = workspace.matrix(dtype, samples, outputs + 1);
      this.sums = workspace.matrix(dtype, samples, outputs + 1);
    }

    static long bytes(DType dtype, long samples, long outputs) {
      return PairDistances.bytes(dtype, samples, outputs)
          + Workspace.bytes(dtype, 1, outputs)
          + 2 * Workspace.bytes(dtype, samples, outputs + 1);
    }

    @Override
    double value(Matrix z, Matrix gradient) {
      Matrix centred = points.block(0, 0, samples, outputs);
      backend.columnSums(1.0 / samples, z, 0, mean);
      backend.copy(z, centred);
      backend.addRow(-1, mean, centred);
      backend.fill(1, points.block(0, outputs, samples, 1));
      distances.prepare(centred, Optional.empty());
      backend.fill(0, sums);
      double value = softmax.evaluate(
          (first, block) -> distances.fill(2 / tau, first, block),
          (first, block) -> {
            TiledGemm.gemm(backend, NO, NO, 1, block, points, 1, sums.rowRange(first, block.rows()));
            TiledGemm.gemm(backend, YES, NO, 1, block, points.rowRange(first, block.rows()), 1, sums);
          });
      backend.multiplyColumn(sums.block(0, outputs, samples, 1), centred, gradient);
      backend.add(2 / (tau * samples), sums.block(0, 0, samples, outputs), -2 / (tau * samples), gradient);
      return value;
    }
  }
}
