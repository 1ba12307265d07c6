package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.LossParameter.Domain;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * Barlow Twins on a graph: {@code Σ_k (1 − C_kk)² + lambda Σ_(j≠k) C_jk²} with C_jk = ẑ_jᵀ G ẑ_k, where the columns ẑ
 * are centred with the degrees d as weights and have ẑᵀ D ẑ = 1 (spectral.md 4). A constant column stays 0 and gets
 * gradient 0.
 *
 * @param lambda weight of the entries off the diagonal
 */
public record GraphBarlow(double lambda) implements Loss {

  public GraphBarlow {
    LossParameter.require("lambda", Domain.NON_NEGATIVE, lambda);
  }

  static LossEntry entry() {
    return LossEntry.of("graph-barlow", LossStyle.GRAPH,
            "sum_k (1 - C_kk)^2 + lambda sum_{j!=k} C_jk^2, C_jk = z_j' G z_k/sqrt(z_j' D z_j z_k' D z_k), columns"
                + " centred with weights D",
            "Balestriero, LeCun 2022, arXiv 2205.11508; spectral.md 4",
            constants -> new GraphBarlow(constants.number("lambda")))
        .with(LossParameter.of("lambda", Domain.NON_NEGATIVE, .05))
        .taking(SideArray.GRAPH);
  }

  @Override
  public String name() {
    return "graph-barlow";
  }

  @Override
  public LossStyle style() {
    return LossStyle.GRAPH;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return GraphMatrix.bytes(dtype, samples, outputs)
        + 3 * Workspace.bytes(dtype, 1, outputs)
        + Workspace.bytes(dtype, samples, 1)
        + 2 * Workspace.bytes(dtype, samples, outputs)
        + Workspace.bytes(dtype, outputs, outputs);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    Matrix graph = GraphMatrix.require(arrays, this, backend, dtype, samples);
    return new Evaluation(this, backend, dtype, samples, outputs, graph);
  }

  private static final class Evaluation extends BlockEvaluation {

    private final double lambda;
    private final GraphMatrix graph;
    private final Matrix row;
    private final Matrix sums;
    private final Matrix inverse;
    private final Matrix degrees;
    private final Matrix weighted;
    private final Matrix scratch;
    private final Matrix correlation;
    private final HostNumbers host = new HostNumbers();

    Evaluation(GraphBarlow loss, Backend backend, DType dtype, long samples, long outputs, Matrix graph) {
      super(loss, backend, dtype, samples, outputs);
      this.lambda = loss.lambda;
      this.graph = new GraphMatrix(backend, workspace, graph, outputs);
      this.row = workspace.matrix(dtype, 1, outputs);
      this.sums = workspace.matrix(dtype, 1, outputs);
      this.inverse = workspace.matrix(dtype, 1, outputs);
      this.degrees = workspace.matrix(dtype, samples, 1);
      this.weighted = workspace.matrix(dtype, samples, outputs);
      this.scratch = workspace.matrix(dtype, samples, outputs);
      this.correlation = workspace.matrix(dtype, outputs, outputs);
    }

    @Override
    double value(Matrix z, Matrix gradient) {
      graph.apply(z);
      backend.copy(graph.degrees(), degrees);
      double total = backend.sum(degrees);
      standardise(z, total);
      graph.apply(scratch);
      Matrix standardised = graph.points();
      backend.multiplyColumn(degrees, standardised, weighted);
      TiledGemm.gemm(backend, YES, NO, 1, standardised, graph.image(), 0, correlation);
      double[] c = host.of(correlation);
      double value = CrossCorrelation.redundancy(c, Math.toIntExact(outputs), lambda);
      correlation.copyFromStart(c);
      TiledGemm.gemm(backend, NO, NO, 2, graph.image(), correlation, 0, gradient);
      pullBack(standardised, total, gradient);
      return value;
    }

    /** Ẑ into the scratch, and 1/sqrt(zᵀ D z) of the centred columns. */
    private void standardise(Matrix z, double total) {
      backend.multiplyColumn(degrees, z, weighted);
      backend.columnSums(1 / total, weighted, 0, row);
      backend.copy(z, scratch);
      backend.addRow(-1, row, scratch);
      backend.multiplyColumn(degrees, scratch, weighted);
      backend.multiply(weighted, scratch, weighted);
      backend.columnSums(1, weighted, 0, row);
      double[] squares = host.of(row);
      for (int k = 0; k < outputs; k++) {
        squares[k] = squares[k] > 0 ? 1 / Math.sqrt(squares[k]) : 0;
      }
      inverse.copyFromStart(squares);
      backend.multiplyRow(inverse, scratch, scratch);
    }

    /** G ← (G − D ẑ (ẑ·G))/norm column by column, then G ← G − d (1ᵀ G)/Σ d. */
    private void pullBack(Matrix standardised, double total, Matrix gradient) {
      backend.multiply(gradient, standardised, scratch);
      backend.columnSums(1, scratch, 0, row);
      backend.multiplyRow(row, weighted, scratch);
      backend.add(-1, scratch, 1, gradient);
      backend.multiplyRow(inverse, gradient, gradient);
      backend.columnSums(1, gradient, 0, sums);
      TiledGemm.gemm(backend, NO, NO, -1 / total, degrees, sums, 1, gradient);
    }
  }
}
