package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import java.util.Set;

/**
 * The relation G of a graph loss, N x N, symmetric and non-negative, and its products with embeddings: with Z come the
 * degrees d = G 1, as the product with one more column.
 */
final class GraphMatrix {

  private static final Set<SideArray> ARRAYS = Set.of(SideArray.GRAPH);
  private static final double ASYMMETRY = 1e-6;

  private final Backend backend;
  private final Matrix graph;
  private final long outputs;
  private final Matrix points;
  private final Matrix image;

  GraphMatrix(Backend backend, Workspace workspace, Matrix graph, long outputs) {
    this.backend = backend;
    this.graph = graph;
    this.outputs = outputs;
    this.points = workspace.matrix(graph.dtype(), graph.rows(), outputs + 1);
    this.image = workspace.matrix(graph.dtype(), graph.rows(), outputs + 1);
  }

  static long bytes(DType dtype, long samples, long outputs) {
    return 2 * Workspace.bytes(dtype, samples, outputs + 1);
  }

  /**
   * The graph among the side arrays, checked.
   *
   * @throws InvalidArgument without a graph, or for one that is not symmetric, has a negative entry or no edge
   */
  static Matrix require(SideArrays arrays, Loss loss, Backend backend, DType dtype, long samples) {
    arrays.requireOnly(ARRAYS, loss.name());
    Matrix graph = arrays.require(SideArray.GRAPH, loss.name());
    if (graph.rows() != samples || graph.cols() != samples || graph.dtype() != dtype) {
      throw new ShapeMismatch(loss.name() + ": " + graph.describe("graph") + " " + graph.dtype() + " must be " + samples
          + "x" + samples + " " + dtype + ", one row and one column for every embedding");
    }
    BlockEvaluation.requireSamples(loss, samples);
    backend.requireFinite(loss.name() + ": the graph", graph);
    if (backend.sum(graph) == 0) {
      throw new InvalidArgument(loss.name() + ": the graph has no edge; some entry must be positive");
    }
    requireRelation(graph, loss, backend);
    return graph;
  }

  private static void requireRelation(Matrix graph, Loss loss, Backend backend) {
    RowBlocks blocks = RowBlocks.of(graph.rows(), graph.rows());
    double largest = backend.maxAbs(graph);
    try (Workspace workspace = backend.workspace(Workspace.bytes(graph.dtype(), blocks.height(), graph.rows()))) {
      Matrix scratch = workspace.matrix(graph.dtype(), blocks.height(), graph.rows());
      blocks.forEach((first, count) -> {
        Matrix rows = graph.rowRange(first, count);
        Matrix part = scratch.rowRange(0, count);
        backend.add(-1, rows, 0, part);
        backend.map(UnaryFunction.RELU, part, part);
        if (backend.maxAbs(part) > 0) {
          throw new InvalidArgument(loss.name() + ": the graph has a negative entry among rows " + first + " to "
              + (first + count - 1) + "; relations must be 0 or more");
        }
        backend.transpose(graph.block(0, first, graph.rows(), count), part);
        backend.add(-1, rows, 1, part);
        if (backend.maxAbs(part) > ASYMMETRY * largest) {
          throw new InvalidArgument(loss.name() + ": the graph is not symmetric (rows " + first + " to "
              + (first + count - 1) + "); give (G + G')/2");
        }
      });
    }
  }

  /** Takes Z, N x K, and makes the products with it. */
  void apply(Matrix z) {
    backend.copy(z, points());
    backend.fill(1, ones());
    TiledGemm.gemm(backend, NO, NO, 1, graph, points, 0, image);
  }

  /** Z of the last {@link #apply}; may be changed in place. */
  Matrix points() {
    return points.block(0, 0, points.rows(), outputs);
  }

  /** G Z of the last {@link #apply}; may be changed in place. */
  Matrix image() {
    return image.block(0, 0, image.rows(), outputs);
  }

  /** The degrees G 1, N x 1. */
  Matrix degrees() {
    return image.block(0, outputs, image.rows(), 1);
  }

  /** A column of ones, N x 1. */
  private Matrix ones() {
    return points.block(0, outputs, points.rows(), 1);
  }
}
