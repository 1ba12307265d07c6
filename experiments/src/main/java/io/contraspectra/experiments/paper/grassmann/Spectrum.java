package io.contraspectra.experiments.paper.grassmann;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;

/** The eigenpairs of an objective's A, and distances from its best subspace. Close it. */
final class Spectrum implements AutoCloseable {

  private final Backend backend;
  private final EigenPairs pairs;
  private final double[] values;

  Spectrum(TraceObjective objective) {
    this.backend = objective.backend();
    this.pairs = Eigensolver.full(backend, objective.symmetric());
    this.values = pairs.values().toArray();
  }

  /** Eigenvalue number i, from 1, the largest first. */
  double value(int i) {
    return values[i - 1];
  }

  double smallest() {
    return values[values.length - 1];
  }

  /** {@code λ_z − λ_(z+1)}. */
  double gap(int z) {
    return value(z) - value(z + 1);
  }

  /** {@code −(λ_1 + … + λ_z)/2}, the least value of the objective over frames of z columns. */
  double optimum(int z) {
    double sum = 0;
    for (int i = 1; i <= z; i++) {
      sum += value(i);
    }
    return -sum / 2;
  }

  /** The frame of the first z eigenvectors, d x z; the caller closes it. */
  Matrix top(int z) {
    Matrix top = backend.zeros(pairs.vectors().dtype(), pairs.vectors().cols(), z);
    backend.transpose(pairs.vectors().rowRange(0, z), top);
    return top;
  }

  /** The largest principal angle between the span of W and that of the first eigenvectors. */
  double angleToTop(Matrix w) {
    try (Matrix top = top((int) w.cols())) {
      return Subspaces.compare(backend, w, top).largestAngle();
    }
  }

  /**
   * {@code exp(tA)W0} up to a factor: what the columns become when nothing holds them apart. The caller closes it.
   *
   * @param start d x z
   */
  Matrix freeFlow(Matrix start, double t) {
    Matrix w = backend.zeros(start.dtype(), start.rows(), start.cols());
    try (Matrix coordinates = backend.zeros(start.dtype(), start.rows(), start.cols());
        Matrix growth = backend.zeros(start.dtype(), start.rows(), 1)) {
      backend.gemm(Transpose.NO, Transpose.NO, 1, pairs.vectors(), start, 0, coordinates);
      for (int i = 0; i < values.length; i++) {
        growth.set(i, 0, Math.exp(t * (values[i] - values[0])));
      }
      backend.multiplyColumn(growth, coordinates, coordinates);
      backend.gemm(Transpose.YES, Transpose.NO, 1, pairs.vectors(), coordinates, 0, w);
      return w;
    }
  }

  @Override
  public void close() {
    pairs.close();
  }
}
