package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;

/**
 * One modality's samples, centred and white, with the map W that whitened them. Close it.
 *
 * @param white n x d
 * @param whitening W, d x d
 */
record WhiteViews(Matrix white, Matrix whitening) implements AutoCloseable {

  /** Centres and whitens the rows of X, which is not changed. */
  static WhiteViews of(Backend backend, Matrix x) {
    try (Matrix mean = PairMoments.mean(backend, x);
        Matrix centred = PairMoments.shifted(backend, x, mean);
        Matrix total = PairMoments.moment(backend, centred, centred)) {
      Matrix whitening = Whitening.of(backend, total);
      return new WhiteViews(Products.of(backend, NO, YES, centred, whitening), whitening);
    }
  }

  @Override
  public void close() {
    white.close();
    whitening.close();
  }
}
