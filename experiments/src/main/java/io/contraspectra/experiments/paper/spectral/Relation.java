package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.NearestNeighbours;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Normal samples and a relation between them, with the matrices that losses are made of. Close it.
 *
 * @param x N x d, without their mean
 * @param graph G
 * @param g G as a matrix
 */
record Relation(Backend backend, Matrix x, RelationGraph graph, Matrix g) implements AutoCloseable {

  static final int SAMPLES = 36;
  static final int INPUTS = 6;
  private static final int NEIGHBOURS = 5;

  /** An entry of a matrix. */
  interface Entry {
    double at(int i, int j);
  }

  /** Samples related to their five nearest ones by heat weights on the scale of the median distance. */
  static Relation ofNeighbours(Backend backend, RandomGenerator random) {
    Matrix x = backend.matrix(SAMPLES, INPUTS, RandomDraws.gaussian(random, SAMPLES * INPUTS));
    return of(backend, x, NearestNeighbours.search(backend, x, NEIGHBOURS)
        .heat(NearestNeighbours.medianSquaredDistance(backend, x)));
  }

  /** Takes X over, and its mean off. */
  static Relation of(Backend backend, Matrix x, RelationGraph graph) {
    try (Matrix mean = backend.zeros(DType.F64, 1, x.cols())) {
      backend.columnSums(-1.0 / x.rows(), x, 0, mean);
      backend.addRow(1, mean, x);
    }
    return new Relation(backend, x, graph, graph.toMatrix(backend, DType.F64));
  }

  int samples() {
    return graph.vertices();
  }

  /** {@code H/n}: with it the moments of Z are their covariance; to be closed by the caller. */
  Matrix centring(double n) {
    int samples = samples();
    return matrix(samples, (i, j) -> ((i == j ? 1 : 0) - 1.0 / samples) / n);
  }

  /** {@code D − G} times a factor; to be closed by the caller. */
  Matrix laplacian(double factor) {
    return matrix(samples(), (i, j) -> factor * ((i == j ? graph.degree(i) : 0) - graph.weight(i, j)));
  }

  /** D times a factor, without what the mean by degrees contributes if that is taken; to be closed by the caller. */
  Matrix degrees(double factor, boolean centred) {
    double total = graph.totalWeight();
    return matrix(samples(), (i, j) -> factor * ((i == j ? graph.degree(i) : 0)
        - (centred ? graph.degree(i) * graph.degree(j) / total : 0)));
  }

  /** G times a factor, or HGH, or {@code G − ddᵀ/d.1}; to be closed by the caller. */
  Matrix adjacency(double factor, Centring centring) {
    int n = samples();
    double total = graph.totalWeight();
    return matrix(n, (i, j) -> factor * (graph.weight(i, j) - switch (centring) {
      case NONE -> 0;
      case PLAIN -> (graph.degree(i) + graph.degree(j) - total / n) / n;
      case BY_DEGREE -> graph.degree(i) * graph.degree(j) / total;
    }));
  }

  /** Which mean a loss does not see. */
  enum Centring { NONE, PLAIN, BY_DEGREE }

  /** {@code XᵀMX} in place of M, which is closed: the moments of a linear encoder. */
  Matrix ofEncoder(Matrix m) {
    Matrix inside = backend.zeros(DType.F64, x.cols(), x.cols());
    try (m; Matrix image = backend.zeros(DType.F64, x.rows(), x.cols())) {
      backend.gemm(NO, NO, 1, m, x, 0, image);
      backend.gemm(YES, NO, 1, x, image, 0, inside);
      return inside;
    }
  }

  /** Takes the mean of a kind from Z, in place. */
  void centre(Matrix z, Centring centring) {
    if (centring == Centring.NONE) {
      return;
    }
    double[] weights = graph.degrees();
    if (centring == Centring.PLAIN) {
      Arrays.fill(weights, 1);
    }
    double total = Arrays.stream(weights).sum();
    try (Matrix row = backend.matrix(1, weights.length, weights);
        Matrix mean = backend.zeros(DType.F64, 1, z.cols())) {
      backend.gemm(NO, NO, -1 / total, row, z, 0, mean);
      backend.addRow(1, mean, z);
    }
  }

  private Matrix matrix(int n, Entry entry) {
    var entries = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        entries[i * n + j] = entry.at(i, j);
      }
    }
    return backend.matrix(n, n, entries);
  }

  @Override
  public void close() {
    x.close();
    g.close();
  }
}
