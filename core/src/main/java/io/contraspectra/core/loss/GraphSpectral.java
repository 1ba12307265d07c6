package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * The spectral contrastive loss of a graph: with Gs = G/Σ G and its degrees ds, {@code −2 Σ Gs_ij z_i·z_j +
 * Σ ds_i ds_j (z_i·z_j)²} (spectral.md 3). The squares need no N x N matrix: they are ‖Zᵀ diag(ds) Z‖².
 */
public record GraphSpectral() implements Loss {

  static LossEntry entry() {
    return LossEntry.of("graph-spectral", LossStyle.GRAPH,
            "-2 sum_ij Gs_ij z_i.z_j + sum_ij ds_i ds_j (z_i.z_j)^2, Gs = G/sum(G), ds its degrees",
            "HaoChen, Wei, Gaidon, Ma 2021, arXiv 2106.04156; spectral.md 3",
            constants -> new GraphSpectral())
        .taking(SideArray.GRAPH);
  }

  @Override
  public String name() {
    return "graph-spectral";
  }

  @Override
  public LossStyle style() {
    return LossStyle.GRAPH;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return GraphMatrix.bytes(dtype, samples, outputs)
        + Workspace.bytes(dtype, samples, outputs)
        + Workspace.bytes(dtype, outputs, outputs);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    Matrix graph = GraphMatrix.require(arrays, this, backend, dtype, samples);
    return new Evaluation(this, backend, dtype, samples, outputs, graph);
  }

  private static final class Evaluation extends BlockEvaluation {

    private final GraphMatrix graph;
    private final Matrix weighted;
    private final Matrix square;

    Evaluation(GraphSpectral loss, Backend backend, DType dtype, long samples, long outputs, Matrix graph) {
      super(loss, backend, dtype, samples, outputs);
      this.graph = new GraphMatrix(backend, workspace, graph, outputs);
      this.weighted = workspace.matrix(dtype, samples, outputs);
      this.square = workspace.matrix(dtype, outputs, outputs);
    }

    @Override
    double value(Matrix z, Matrix gradient) {
      graph.apply(z);
      double total = backend.sum(graph.degrees());
      backend.multiplyColumn(graph.degrees(), z, weighted);
      backend.scale(1 / total, weighted);
      TiledGemm.gemm(backend, YES, NO, 1, z, weighted, 0, square);
      TiledGemm.gemm(backend, NO, NO, 4, weighted, square, 0, gradient);
      backend.add(-4 / total, graph.image(), 1, gradient);
      return -2 / total * backend.dot(z, graph.image()) + backend.dot(square, square);
    }
  }
}
