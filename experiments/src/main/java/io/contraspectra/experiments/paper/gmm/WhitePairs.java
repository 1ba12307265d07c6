package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.LinearMap;
import io.contraspectra.core.spectral.Pca;

/**
 * Pairs after both views were centred by their common mean and whitened by their pooled second moment (gmm.md 7). Close
 * it.
 *
 * @param x n x d, a view of {@code both}
 * @param positives n x d, a view of {@code both}
 * @param map W, d x d: a row of data times W is white
 * @param both the views, one below the other
 */
record WhitePairs(Matrix x, Matrix positives, Matrix map, Matrix both) implements AutoCloseable {

  static WhitePairs of(Backend backend, Matrix x, Matrix positives) {
    long n = x.rows();
    Matrix both = backend.zeros(DType.F64, 2 * n, x.cols());
    backend.copy(x, both.rowRange(0, n));
    backend.copy(positives, both.rowRange(n, n));
    try (Embedding principal = Pca.embedding(backend, both, Math.toIntExact(x.cols()))) {
      double[] scales = principal.values();
      for (int k = 0; k < scales.length; k++) {
        scales[k] = Math.sqrt(2 * n / scales[k]);
      }
      Matrix map = backend.copyOf(principal.map().map(LinearMap::weights).orElseThrow(), DType.F64);
      try (Matrix row = backend.matrix(1, scales.length, scales)) {
        backend.multiplyRow(row, map, map);
        backend.multiplyRow(row, principal.points(), both);
      }
      return new WhitePairs(both.rowRange(0, n), both.rowRange(n, n), map, both);
    }
  }

  @Override
  public void close() {
    map.close();
    both.close();
  }
}
