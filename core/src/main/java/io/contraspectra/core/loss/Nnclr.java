package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import java.util.Set;

/**
 * NNCLR: row i of the first view is replaced by its cosine-nearest row of a support set (the first of several equally
 * near), then InfoNCE of cosines with the second view. The neighbour is a constant, so the first view gets gradient 0
 * (gmm.md 10).
 *
 * @param tau temperature, positive
 */
public record Nnclr(double tau) implements Loss {

  private static final Set<SideArray> ARRAYS = Set.of(SideArray.QUEUE);

  public Nnclr {
    LossParameter.require("tau", LossParameter.Domain.POSITIVE, tau);
  }

  static LossEntry entry() {
    return LossEntry.of("nnclr", LossStyle.VIEWS,
            "mean_i(logsumexp_j(q_i.b_j/tau) - q_i.b_i/tau), q_i the queue's row nearest to a_i, rows divided by their"
                + " norms; dZA = 0",
            "Dwibedi et al. 2021, arXiv 2104.14548; gmm.md 10",
            constants -> new Nnclr(constants.number("tau")))
        .with(LossParameter.tau(.1))
        .taking(SideArray.QUEUE);
  }

  @Override
  public String name() {
    return "nnclr";
  }

  @Override
  public LossStyle style() {
    return LossStyle.VIEWS;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return 2 * CosineRows.bytes(dtype, samples, outputs)
        + 2 * Workspace.bytes(dtype, samples, outputs)
        + CrossEntropy.bytes(dtype, samples);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    arrays.requireOnly(ARRAYS, name());
    Matrix queue = arrays.require(SideArray.QUEUE, name());
    if (queue.cols() != outputs || queue.rows() < 1 || queue.dtype() != dtype) {
      throw new ShapeMismatch("nnclr: " + queue.describe("queue") + " " + queue.dtype() + " must have at least one row"
          + " of " + outputs + " columns " + dtype + ", as the embeddings have");
    }
    CosineRows.requireDirections(Similarity.COS, outputs, name());
    return new Evaluation(this, backend, dtype, samples, outputs, queue);
  }

  private static final class Evaluation extends BlockEvaluation {

    // Similarities that are looked through on the host at a time.
    private static final long ELEMENTS_ON_HOST = 1 << 16;

    private final Matrix queue;
    private final CosineRows first;
    private final CosineRows second;
    private final Matrix neighbours;
    private final Matrix unused;
    private final CrossEntropy crossEntropy;
    private final Workspace support;
    private final CosineRows supportRows;
    private final RowBlocks blocks;
    private final Matrix similarities;
    private final HostNumbers host = new HostNumbers();

    Evaluation(Nnclr loss, Backend backend, DType dtype, long samples, long outputs, Matrix queue) {
      super(loss, backend, dtype, samples, outputs);
      this.queue = queue;
      this.first = new CosineRows(backend, workspace, dtype, samples, outputs);
      this.second = new CosineRows(backend, workspace, dtype, samples, outputs);
      this.neighbours = workspace.matrix(dtype, samples, outputs);
      this.unused = workspace.matrix(dtype, samples, outputs);
      this.crossEntropy = new CrossEntropy(backend, workspace, dtype, loss.tau, samples);
      this.blocks = RowBlocks.of(samples, queue.rows());
      this.support = backend.workspace(CosineRows.bytes(dtype, queue.rows(), outputs)
          + Workspace.bytes(dtype, blocks.height(), queue.rows()));
      this.supportRows = new CosineRows(backend, support, dtype, queue.rows(), outputs);
      this.similarities = support.matrix(dtype, blocks.height(), queue.rows());
    }

    @Override
    double value(Matrix embeddings, Matrix gradient) {
      backend.requireFinite("nnclr: the queue", queue);
      Matrix db = block(gradient, 1);
      Matrix candidates = supportRows.normalise(queue);
      Matrix b = second.normalise(block(embeddings, 1));
      findNeighbours(first.normalise(block(embeddings, 0)), candidates);
      backend.fill(0, gradient);
      double value = crossEntropy.add(1, neighbours, b, unused, db);
      second.pullBack(db);
      return value;
    }

    private void findNeighbours(Matrix a, Matrix candidates) {
      blocks.forEach((from, count) -> {
        Matrix part = similarities.rowRange(0, count);
        TiledGemm.gemm(backend, NO, YES, 1, a.rowRange(from, count), candidates, 0, part);
        long rows = Math.max(1, ELEMENTS_ON_HOST / part.cols());
        for (long at = 0; at < count; at += rows) {
          Matrix some = part.rowRange(at, Math.min(rows, count - at));
          copyNeighbours(host.of(some), candidates, neighbours.rowRange(from + at, some.rows()));
        }
      });
    }

    /** The candidates of greatest similarity, given row by row. */
    private void copyNeighbours(double[] values, Matrix candidates, Matrix target) {
      int width = Math.toIntExact(candidates.rows());
      for (int i = 0; i < target.rows(); i++) {
        long nearest = largest(values, i * width, width);
        backend.copy(candidates.rowRange(nearest, 1), target.rowRange(i, 1));
      }
    }

    private static int largest(double[] values, int from, int count) {
      int best = 0;
      for (int j = 1; j < count; j++) {
        if (values[from + j] > values[from + best]) {
          best = j;
        }
      }
      return best;
    }

    @Override
    public long zeroRows() {
      return first.zeroRows() + second.zeroRows();
    }

    @Override
    public void close() {
      support.close();
      super.close();
    }
  }
}
