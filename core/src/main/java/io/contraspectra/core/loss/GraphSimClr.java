package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * The squared SimCLR loss of a graph, {@code ‖Z Zᵀ − G‖²}, with gradient {@code 4(Z Zᵀ − G)Z} (spectral.md 3). The
 * residual comes and goes in blocks of rows, so that its norm keeps its digits near the optimum.
 */
public record GraphSimClr() implements Loss {

  static LossEntry entry() {
    return LossEntry.of("graph-simclr-sq", LossStyle.GRAPH, "|Z Z' - G|_F^2",
            "Balestriero, LeCun 2022, arXiv 2205.11508; spectral.md 3", constants -> new GraphSimClr())
        .taking(SideArray.GRAPH);
  }

  @Override
  public String name() {
    return "graph-simclr-sq";
  }

  @Override
  public LossStyle style() {
    return LossStyle.GRAPH;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return Workspace.bytes(dtype, RowBlocks.of(samples, samples).height(), samples);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    Matrix graph = GraphMatrix.require(arrays, this, backend, dtype, samples);
    return new Evaluation(this, backend, dtype, samples, outputs, graph);
  }

  private static final class Evaluation extends BlockEvaluation {

    private final Matrix graph;
    private final RowBlocks blocks;
    private final Matrix residual;

    Evaluation(GraphSimClr loss, Backend backend, DType dtype, long samples, long outputs, Matrix graph) {
      super(loss, backend, dtype, samples, outputs);
      this.graph = graph;
      this.blocks = RowBlocks.of(samples, samples);
      this.residual = workspace.matrix(dtype, blocks.height(), samples);
    }

    @Override
    double value(Matrix z, Matrix gradient) {
      var value = new double[1];
      blocks.forEach((first, count) -> {
        Matrix part = residual.rowRange(0, count);
        backend.copy(graph.rowRange(first, count), part);
        TiledGemm.gemm(backend, NO, YES, 1, z.rowRange(first, count), z, -1, part);
        value[0] += backend.dot(part, part);
        TiledGemm.gemm(backend, NO, NO, 4, part, z, 0, gradient.rowRange(first, count));
      });
      return value[0];
    }
  }
}
