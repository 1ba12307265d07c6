package io.contraspectra.core.graph;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;

/** Shortest paths by Dijkstra's algorithm, with a binary heap that knows where each vertex stands in it. */
final class ShortestPaths {

  private final NeighbourUnion edges;
  private final double[] lengths;

  ShortestPaths(NeighbourUnion edges) {
    this.edges = edges;
    this.lengths = Arrays.stream(edges.squaredLengths()).map(Math::sqrt).toArray();
  }

  /** N x N, symmetric, infinite where no path leads; sources run in parallel. To be closed by the caller. */
  Matrix allPairs(Backend backend) {
    int n = edges.starts().length - 1;
    Matrix distances = backend.zeros(DType.F64, n, n);
    try {
      backend.tiles(n, 0, Progress.current(),
          (source, _) -> distances.rowRange(source, 1).copyFrom(from((int) source)));
      return distances;
    } catch (RuntimeException | Error e) {
      distances.close();
      throw e;
    }
  }

  private double[] from(int source) {
    var distances = new double[edges.starts().length - 1];
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    distances[source] = 0;
    var heap = new VertexHeap(distances);
    heap.raise(source);
    while (!heap.isEmpty()) {
      int vertex = heap.pop();
      for (int at = edges.starts()[vertex]; at < edges.starts()[vertex + 1]; at++) {
        double reached = distances[vertex] + lengths[at];
        if (reached < distances[edges.targets()[at]]) {
          distances[edges.targets()[at]] = reached;
          heap.raise(edges.targets()[at]);
        }
      }
    }
    return distances;
  }
}
