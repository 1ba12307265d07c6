package io.contraspectra.core.graph;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Samples that may be among the k nearest of one sample, by bounds of their distances. A sample stays as long as its
 * lower bound is not above the k-th smallest upper bound. Not thread-safe.
 */
final class NeighbourCandidates {

  private final int k;
  private final double width;
  private final double norm;
  private int[] indices;
  private double[] lows;
  private double[] highs;
  private int size;
  private double bound = Double.POSITIVE_INFINITY;

  /**
   * No candidates yet.
   *
   * @param width distance of upper from lower bounds, relative to the sum of both squared norms
   * @param norm the sample's own squared norm
   */
  NeighbourCandidates(int k, double width, double norm) {
    this.k = k;
    this.width = width;
    this.norm = norm;
    int capacity = 4 * k + 28;
    indices = new int[capacity];
    lows = new double[capacity];
    highs = new double[capacity];
  }

  /** What a lower bound must not exceed. */
  double bound() {
    return bound;
  }

  /** Takes a candidate; indices come in ascending order. */
  void add(int index, double low, double otherNorm) {
    if (size == indices.length) {
      prune();
    }
    indices[size] = index;
    lows[size] = low;
    highs[size++] = low + width * (norm + otherNorm);
  }

  /** Writes the k nearest by exact distance, ties by lower index. */
  void nearest(IntToDoubleFunction exact, int[] nearest, double[] squared, int offset) {
    prune();
    var order = new Integer[size];
    var distances = new double[size];
    for (int c = 0; c < size; c++) {
      order[c] = c;
      distances[c] = exact.applyAsDouble(indices[c]);
    }
    // The sort is stable and the indices ascend: equal distances stay in the order of indices.
    Arrays.sort(order, (a, b) -> Double.compare(distances[a], distances[b]));
    for (int rank = 0; rank < k; rank++) {
      nearest[offset + rank] = indices[order[rank]];
      squared[offset + rank] = distances[order[rank]];
    }
  }

  private void prune() {
    double[] sorted = Arrays.copyOf(highs, size);
    Arrays.sort(sorted);
    bound = sorted[k - 1];
    int kept = 0;
    for (int c = 0; c < size; c++) {
      if (lows[c] <= bound) {
        indices[kept] = indices[c];
        lows[kept] = lows[c];
        highs[kept++] = highs[c];
      }
    }
    size = kept;
    if (size > indices.length / 2) {
      int larger = 2 * indices.length;
      indices = Arrays.copyOf(indices, larger);
      lows = Arrays.copyOf(lows, larger);
      highs = Arrays.copyOf(highs, larger);
    }
  }
}
