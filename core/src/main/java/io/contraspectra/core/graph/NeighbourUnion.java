package io.contraspectra.core.graph;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The edges of a neighbourhood graph: pairs of which one is a neighbour of the other, with their squared distance. An
 * edge may have length zero, which the entries of a {@link RelationGraph} cannot.
 *
 * @param starts where the edges of a vertex begin
 * @param targets the other ends, ascending for every vertex
 * @param squaredLengths their squared distances
 */
record NeighbourUnion(int[] starts, int[] targets, double[] squaredLengths) {

  static NeighbourUnion of(NearestNeighbours neighbours) {
    int n = neighbours.samples();
    var starts = new int[n + 1];
    for (int i = 0; i < n; i++) {
      for (int rank = 0; rank < neighbours.k(); rank++) {
        starts[i + 1]++;
        starts[neighbours.neighbour(i, rank) + 1]++;
      }
    }
    Arrays.parallelPrefix(starts, Math::addExact);
    var both = new NeighbourUnion(starts, new int[starts[n]], new double[starts[n]]);
    int[] free = starts.clone();
    for (int i = 0; i < n; i++) {
      for (int rank = 0; rank < neighbours.k(); rank++) {
        int j = neighbours.neighbour(i, rank);
        both.put(free[i]++, j, neighbours.squaredDistance(i, rank));
        both.put(free[j]++, i, neighbours.squaredDistance(i, rank));
      }
    }
    return both.sortedOnce();
  }

  RelationGraph graph(DoubleUnaryOperator weight) {
    var builder = new GraphBuilder(starts.length - 1, targets.length);
    for (int i = 0; i < starts.length - 1; i++) {
      for (int at = starts[i]; at < starts[i + 1]; at++) {
        builder.add(targets[at], weight.applyAsDouble(squaredLengths[at]));
      }
      builder.endRow();
    }
    return builder.build();
  }

  private void put(int at, int target, double squaredLength) {
    targets[at] = target;
    squaredLengths[at] = squaredLength;
  }

  /** Edges sorted by target, those that both ends brought in kept once. */
  private NeighbourUnion sortedOnce() {
    var onceStarts = new int[starts.length];
    int size = 0;
    for (int i = 0; i < starts.length - 1; i++) {
      sort(starts[i], starts[i + 1]);
      int first = size;
      for (int at = starts[i]; at < starts[i + 1]; at++) {
        if (size == first || targets[size - 1] != targets[at]) {
          put(size++, targets[at], squaredLengths[at]);
        }
      }
      onceStarts[i + 1] = size;
    }
    return new NeighbourUnion(onceStarts, Arrays.copyOf(targets, size), Arrays.copyOf(squaredLengths, size));
  }

  private void sort(int from, int to) {
    long[] keys = new long[to - from];
    for (int at = from; at < to; at++) {
      keys[at - from] = (long) targets[at] << Integer.SIZE | at - from;
    }
    Arrays.sort(keys);
    double[] lengths = Arrays.copyOfRange(squaredLengths, from, to);
    for (int at = from; at < to; at++) {
      put(at, (int) (keys[at - from] >>> Integer.SIZE), lengths[(int) keys[at - from]]);
    }
  }
}
