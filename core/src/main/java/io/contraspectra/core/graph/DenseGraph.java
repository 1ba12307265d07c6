package io.contraspectra.core.graph;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;

/** Checks a dense relation and keeps its non-zero entries. */
final class DenseGraph {

  /** Asymmetry up to this fraction of the largest entry counts as rounding. */
  private static final double ASYMMETRY = 1e-10;

  private static final long BLOCK = 256;

  private final Matrix g;
  private final double largest;
  private long entries;

  private DenseGraph(Matrix g, double largest) {
    this.g = g;
    this.largest = largest;
  }

  static RelationGraph compressed(Backend backend, Matrix g) {
    if (g.rows() != g.cols()) {
      throw new InvalidArgument("graph: " + g.describe("G") + " must be square: one row and one column a sample");
    }
    backend.requireFinite("graph: G", g);
    var dense = new DenseGraph(g, backend.maxAbs(g));
    for (long from = 0; from < g.rows(); from += BLOCK) {
      for (long to = 0; to <= from; to += BLOCK) {
        dense.requireSymmetric(from, to);
      }
    }
    return dense.compressed();
  }

  private void requireSymmetric(long from, long to) {
    int rows = (int) Math.min(BLOCK, g.rows() - from);
    int cols = (int) Math.min(BLOCK, g.rows() - to);
    double[] below = g.block(from, to, rows, cols).toArray();
    double[] above = g.block(to, from, cols, rows).toArray();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        if (Math.abs(below[i * cols + j] - above[j * rows + i]) > ASYMMETRY * largest) {
          throw new InvalidArgument("graph: G is not symmetric: entry (" + (from + i) + ", " + (to + j) + ") is "
              + below[i * cols + j] + ", entry (" + (to + j) + ", " + (from + i) + ") is " + above[j * rows + i]
              + "; give (G + Gᵀ)/2 if that is meant");
        }
        if (above[j * rows + i] != 0 && to + j <= from + i) {
          entries += to + j == from + i ? 1 : 2;
        }
      }
    }
  }

  /** Entries on and above the diagonal count; those below are their mirror images, so that the result is symmetric. */
  private RelationGraph compressed() {
    int n = Math.toIntExact(g.rows());
    var builder = new GraphBuilder(n, entries);
    for (int from = 0; from < n; from += (int) BLOCK) {
      int rows = (int) Math.min(BLOCK, n - from);
      double[] block = g.rowRange(from, rows).toArray();
      double[] mirrored = g.block(0, from, from, rows).toArray();
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < n; j++) {
          double weight = j < from ? mirrored[j * rows + i] : j < from + i ? block[(j - from) * n + from + i]
              : block[i * n + j];
          add(builder, from + i, j, weight);
        }
        builder.endRow();
      }
    }
    RelationGraph graph = builder.build();
    if (graph.entries() == 0) {
      throw new InvalidArgument("graph: no entry of G is positive, nothing is related; give at least one edge");
    }
    return graph;
  }

  private static void add(GraphBuilder builder, int row, int column, double weight) {
    if (weight < 0) {
      throw new InvalidArgument("graph: entry (" + row + ", " + column + ") of G is " + weight
          + "; relations must not be negative");
    }
    builder.add(column, weight);
  }
}
