package io.contraspectra.core.graph;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;

/** Assembles graphs row by row. Not thread-safe. */
final class GraphBuilder {

  private final int[] starts;
  private int[] columns;
  private double[] weights;
  private int row;
  private int size;

  GraphBuilder(int vertices, long expectedEntries) {
    starts = new int[vertices + 1];
    columns = new int[capacity(expectedEntries)];
    weights = new double[columns.length];
  }

  /** Appends to the present row an entry that is right of those before; zeros are left out. */
  void add(int column, double weight) {
    if (weight == 0) {
      return;
    }
    if (size == columns.length) {
      int larger = capacity(Math.max(16, size + (long) size / 2));
      columns = Arrays.copyOf(columns, larger);
      weights = Arrays.copyOf(weights, larger);
    }
    columns[size] = column;
    weights[size++] = weight;
  }

  /** Ends the present row. */
  void endRow() {
    starts[++row] = size;
  }

  RelationGraph build() {
    boolean full = size == columns.length;
    return new RelationGraph(starts, full ? columns : Arrays.copyOf(columns, size),
        full ? weights : Arrays.copyOf(weights, size));
  }

  /** {@code p G + q G'}. */
  static RelationGraph sum(double p, RelationGraph first, double q, RelationGraph second) {
    var builder = new GraphBuilder(first.vertices(), (long) first.entries() + second.entries());
    for (int i = 0; i < first.vertices(); i++) {
      int a = first.starts()[i];
      int b = second.starts()[i];
      while (a < first.starts()[i + 1] || b < second.starts()[i + 1]) {
        int left = a < first.starts()[i + 1] ? first.columns()[a] : Integer.MAX_VALUE;
        int right = b < second.starts()[i + 1] ? second.columns()[b] : Integer.MAX_VALUE;
        double weight = (left <= right ? p * first.weights()[a] : 0) + (right <= left ? q * second.weights()[b] : 0);
        builder.add(Math.min(left, right), weight);
        a += left <= right ? 1 : 0;
        b += right <= left ? 1 : 0;
      }
      builder.endRow();
    }
    return builder.build();
  }

  /** The graph among chosen vertices, which must ascend. */
  static RelationGraph induced(RelationGraph graph, int[] chosen) {
    var place = new int[graph.vertices()];
    Arrays.fill(place, -1);
    for (int i = 0; i < chosen.length; i++) {
      if (i > 0 && chosen[i] <= chosen[i - 1]) {
        throw new InvalidArgument("graph: the vertices of an induced graph must ascend without repetition, but "
            + chosen[i] + " follows " + chosen[i - 1]);
      }
      place[chosen[i]] = i;
    }
    var builder = new GraphBuilder(chosen.length, graph.entries());
    for (int vertex : chosen) {
      graph.forEachEntry(vertex, (j, weight) -> builder.add(place[j], place[j] < 0 ? 0 : weight));
      builder.endRow();
    }
    return builder.build();
  }

  private static int capacity(long entries) {
    if (entries > Integer.MAX_VALUE - 8) {
      throw new InvalidArgument("graph: " + entries + " non-zero entries are more than one graph can hold ("
          + (Integer.MAX_VALUE - 8) + "); use a sparser relation");
    }
    return (int) entries;
  }
}
