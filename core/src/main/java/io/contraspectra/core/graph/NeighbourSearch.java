package io.contraspectra.core.graph;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/** The search behind {@link NearestNeighbours}: blocks of samples against all, in tiles. */
final class NeighbourSearch {

  private final Backend backend;
  private final SquaredDistances distances;
  private final double[] samples;
  private final int dimensions;
  private final int n;
  private final int k;
  private final double[] lowNorms;
  private final int[] indices;
  private final double[] squared;

  NeighbourSearch(Backend backend, SquaredDistances distances, Matrix x, int k) {
    this.backend = backend;
    this.distances = distances;
    this.samples = x.toArray();
    this.dimensions = Math.toIntExact(x.cols());
    this.n = distances.samples();
    this.k = k;
    this.lowNorms = distances.norms().clone();
    for (int j = 0; j < n; j++) {
      lowNorms[j] *= 1 - distances.error();
    }
    this.indices = new int[Math.multiplyExact(n, k)];
    this.squared = new double[n * k];
  }

  NearestNeighbours run() {
    int block = SquaredDistances.TILE_ROWS;
    backend.tiles(Math.ceilDiv(n, block), distances.tileBytes(), Progress.current(), (tile, workspace) -> {
      int row = (int) tile * block;
      search(row, Math.min(block, n - row), workspace);
    });
    return new NearestNeighbours(k, indices, squared);
  }

  private void search(int row, int rows, Workspace workspace) {
    var candidates = new NeighbourCandidates[rows];
    for (int i = 0; i < rows; i++) {
      candidates[i] = new NeighbourCandidates(k, 2 * distances.error(), distances.norms()[row + i]);
    }
    for (int col = 0; col < n; col += SquaredDistances.TILE_COLS) {
      int cols = Math.min(SquaredDistances.TILE_COLS, n - col);
      double[] products = distances.products(row, rows, col, cols, workspace);
      for (int i = 0; i < rows; i++) {
        collect(candidates[i], row + i, products, i * cols, col, cols);
      }
    }
    for (int i = 0; i < rows; i++) {
      int sample = row + i;
      candidates[i].nearest(j -> exact(sample, j), indices, squared, sample * k);
    }
  }

  /** Keeps those whose distance cannot be told from a small one: lower bounds against the best upper bound so far. */
  private void collect(NeighbourCandidates candidates, int i, double[] products, int offset, int col, int cols) {
    double bound = candidates.bound() - lowNorms[i];
    for (int c = 0; c < cols; c++) {
      double low = products[offset + c] + lowNorms[col + c];
      if (low <= bound && col + c != i) {
        candidates.add(col + c, low + lowNorms[i], distances.norms()[col + c]);
        bound = candidates.bound() - lowNorms[i];
      }
    }
  }

  private double exact(int i, int j) {
    double sum = 0;
    for (int c = 0; c < dimensions; c++) {
      double difference = samples[i * dimensions + c] - samples[j * dimensions + c];
      sum += difference * difference;
    }
    return sum;
  }
}
