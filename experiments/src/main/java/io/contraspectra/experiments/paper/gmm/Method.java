package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.PairCca;
import io.contraspectra.core.mixture.PairInfoNce;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.Lda;
import io.contraspectra.core.spectral.LinearMap;
import io.contraspectra.core.spectral.Pca;

/** A way to find directions in samples. */
enum Method {
  /** The minimiser of InfoNCE on pairs. */
  INFO_NCE("InfoNCE") {
    @Override
    Matrix directions(Backend backend, Sample sample, int dimensions) {
      try (var fit = PairInfoNce.fit(backend, sample.x(), sample.positives(), dimensions, GRADIENT)) {
        return Frames.transposed(backend, fit.a());
      }
    }
  },
  /** The best aligned white embedding of pairs, in closed form. */
  PAIR_CCA("pairCCA") {
    @Override
    Matrix directions(Backend backend, Sample sample, int dimensions) {
      try (var fit = PairCca.fit(backend, sample.x(), sample.positives(), dimensions)) {
        return Frames.transposed(backend, fit.directions());
      }
    }
  },
  /** Linear discriminants of the first views, which are told the labels. */
  LDA("LDA") {
    @Override
    Matrix directions(Backend backend, Sample sample, int dimensions) {
      return weights(backend, Lda.embedding(backend, sample.x(), sample.labels(), dimensions));
    }
  },
  /** Principal components of the first views. */
  PCA("PCA") {
    @Override
    Matrix directions(Backend backend, Sample sample, int dimensions) {
      return weights(backend, Pca.embedding(backend, sample.x(), dimensions));
    }
  };

  /** Largest component of the gradient, on white data, at which descent ends (gmm.md 7). */
  private static final double GRADIENT = 1e-6;

  private final String label;

  Method(String label) {
    this.label = label;
  }

  /**
   * What methods see.
   *
   * @param x first views, n x d
   * @param positives second views, n x d
   * @param labels of the first views
   */
  record Sample(Matrix x, Matrix positives, int[] labels) {}

  String label() {
    return label;
  }

  /**
   * Fits.
   *
   * @return d x {@code dimensions}, to be closed by the caller
   */
  abstract Matrix directions(Backend backend, Sample sample, int dimensions);

  private static Matrix weights(Backend backend, Embedding embedding) {
    try (embedding) {
      return backend.copyOf(embedding.map().map(LinearMap::weights).orElseThrow(), DType.F64);
    }
  }
}
