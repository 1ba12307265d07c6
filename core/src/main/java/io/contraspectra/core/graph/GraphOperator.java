package io.contraspectra.core.graph;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.OptionalDouble;

/**
 * {@code diag(p) + c diag(s) G diag(s)} of a graph: its adjacency, its Laplacian, or their normalised forms. A sparse
 * graph is multiplied on the host row by row, one with more than a quarter of all entries as a dense matrix by the
 * backend. In double precision. Applications may run on several threads at once.
 */
public final class GraphOperator implements SymmetricOperator {

  /** From this part of all entries on, a dense product is faster than following an index to each. */
  private static final double DENSE = 0.25;

  /** Vectors that share one pass over the entries. */
  private static final int VECTORS = 4;

  private final Backend backend;
  private final RelationGraph graph;
  private final double[] diagonal;
  private final double[] entries;
  private final double trace;
  private final Matrix dense;

  private GraphOperator(Backend backend, RelationGraph graph, double[] diagonal, double[] entries) {
    this.backend = backend;
    this.graph = graph;
    this.diagonal = diagonal;
    this.entries = entries;
    double sum = 0;
    for (int i = 0; i < diagonal.length; i++) {
      sum += diagonal[i] + loop(i);
    }
    this.trace = sum;
    this.dense = isDense() ? toMatrix() : backend.zeros(DType.F64, 0, 0);
  }

  /**
   * An operator of a graph.
   *
   * @param p the diagonal that is added, one number a vertex
   * @param c factor of the scaled adjacency
   * @param s scaling of the vertices
   */
  static GraphOperator of(Backend backend, RelationGraph graph, double[] p, double c, double[] s) {
    double[] entries = graph.weights().clone();
    for (int i = 0; i < graph.vertices(); i++) {
      for (int at = graph.starts()[i]; at < graph.starts()[i + 1]; at++) {
        entries[at] *= c * (s[i] * s[graph.columns()[at]]);
      }
    }
    return new GraphOperator(backend, graph, p.clone(), entries);
  }

  /** Bytes on the Java heap that a graph of so many non-zero entries and an operator of it take. */
  public static long heapBytes(long vertices, long entries) {
    return (Integer.BYTES + 2L * Double.BYTES) * entries + 3L * Double.BYTES * vertices;
  }

  /** Bytes of the backend's memory that an operator takes: those of a matrix where the graph is dense, else none. */
  public static long denseBytes(long vertices, long entries) {
    return isDense(vertices, entries) ? Matrix.bytes(DType.F64, vertices, vertices) : 0;
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public DType dtype() {
    return DType.F64;
  }

  @Override
  public long size() {
    return graph.vertices();
  }

  @Override
  public OptionalDouble trace() {
    return OptionalDouble.of(trace);
  }

  @Override
  public double flops(long vectors) {
    return 2.0 * vectors * (isDense() ? (double) size() * size() : (double) entries.length + size());
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    if (x.cols() != size() || y.cols() != size() || x.rows() != y.rows()) {
      throw new ShapeMismatch("graph operator: " + x.describe("X") + " and " + y.describe("Y")
          + " must be blocks of equally many rows of length " + size());
    }
    if (isDense()) {
      backend.gemm(Transpose.NO, Transpose.NO, 1, x, dense, 0, y);
    } else {
      backend.tiles(Math.ceilDiv(x.rows(), VECTORS), 0, (tile, _) -> {
        long from = tile * VECTORS;
        long count = Math.min(VECTORS, x.rows() - from);
        y.rowRange(from, count).copyFrom(product(x.rowRange(from, count).toArray(), (int) count));
      });
    }
  }

  /** The operator as a matrix, N x N, to be closed by the caller. */
  public Matrix toMatrix() {
    int n = graph.vertices();
    Matrix matrix = backend.zeros(DType.F64, n, n);
    try {
      for (int i = 0; i < n; i++) {
        var row = new double[n];
        for (int at = graph.starts()[i]; at < graph.starts()[i + 1]; at++) {
          row[graph.columns()[at]] = entries[at];
        }
        row[i] += diagonal[i];
        matrix.rowRange(i, 1).copyFrom(row);
      }
      return matrix;
    } catch (RuntimeException | Error e) {
      matrix.close();
      throw e;
    }
  }

  @Override
  public void close() {
    dense.close();
  }

  private double[] product(double[] x, int vectors) {
    int n = diagonal.length;
    int[] starts = graph.starts();
    int[] columns = graph.columns();
    var y = new double[x.length];
    for (int i = 0; i < n; i++) {
      for (int v = 0; v < vectors; v++) {
        double sum = diagonal[i] * x[v * n + i];
        for (int at = starts[i]; at < starts[i + 1]; at++) {
          sum += entries[at] * x[v * n + columns[at]];
        }
        y[v * n + i] = sum;
      }
    }
    return y;
  }

  private double loop(int vertex) {
    for (int at = graph.starts()[vertex]; at < graph.starts()[vertex + 1]; at++) {
      if (graph.columns()[at] == vertex) {
        return entries[at];
      }
    }
    return 0;
  }

  private boolean isDense() {
    return isDense(size(), entries.length);
  }

  private static boolean isDense(long vertices, long entries) {
    return entries > DENSE * vertices * vertices;
  }
}
