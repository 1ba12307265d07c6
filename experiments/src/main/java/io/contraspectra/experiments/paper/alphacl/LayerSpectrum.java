package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;

/**
 * What a layer's singular values say.
 *
 * @param values descending
 * @param topInput the right singular vector of the largest, one entry an input
 */
record LayerSpectrum(double[] values, double[] topInput) {

  /** The spectrum of a weight matrix, which is not changed. */
  static LayerSpectrum of(Backend backend, Matrix weight) {
    long r = Math.min(weight.rows(), weight.cols());
    try (Matrix copy = backend.copyOf(weight, weight.dtype());
        Matrix u = backend.zeros(weight.dtype(), weight.rows(), r);
        Matrix s = backend.zeros(weight.dtype(), 1, r);
        Matrix v = backend.zeros(weight.dtype(), r, weight.cols())) {
      backend.svd(copy, u, s, v);
      return new LayerSpectrum(s.toArray(), v.rowRange(0, 1).toArray());
    }
  }

  /** The second singular value over the first. */
  double secondOverFirst() {
    return values.length < 2 ? 0 : values[1] / values[0];
  }
}
