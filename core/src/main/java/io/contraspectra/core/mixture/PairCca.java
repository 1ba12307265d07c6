package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;

/**
 * The closed form that contrastive learning of pairs is compared with, and that needs no labels either: the top
 * generalised eigenvectors of {@code (XᵀX̂ + X̂ᵀX)/(2n)} against {@code (XᵀX + X̂ᵀX̂)/(2n)}, both views centred by
 * their common mean. It minimises the alignment {@code E‖Ax − Ax̂‖²} under {@code A T Aᵀ = I} (gmm.md 4). Owns its
 * matrices; close it.
 *
 * @param values 1 x r, descending, at most 1
 * @param directions A, r x d, rows with {@code A T Aᵀ = I}
 */
public record PairCca(Matrix values, Matrix directions) implements AutoCloseable {

  /**
   * Solves the eigenproblem.
   *
   * @param x first views, n x d with n > d
   * @param positives second views, n x d
   * @param dimensions r, from 1 to d
   */
  public static PairCca fit(Backend backend, Matrix x, Matrix positives, int dimensions) {
    PairMoments.requirePairs("pairCCA", x, positives, true);
    PairInfoNce.requireDimensions(dimensions, x.cols());
    try (Matrix mean = PairMoments.commonMean(backend, x, positives);
        Matrix centred = PairMoments.shifted(backend, x, mean);
        Matrix centredPositives = PairMoments.shifted(backend, positives, mean);
        Matrix total = PairMoments.pooled(backend, centred, centredPositives);
        Matrix whitening = Whitening.of(backend, total);
        Matrix cross = PairMoments.symmetricMoment(backend, centred, centredPositives);
        Matrix half = Products.of(backend, NO, NO, whitening, cross);
        Matrix white = Products.of(backend, NO, YES, half, whitening);
        EigenPairs pairs = Eigensolver.full(backend, white)) {
      Matrix values = backend.copyOf(pairs.values().block(0, 0, 1, dimensions), x.dtype());
      return new PairCca(values,
          Products.of(backend, NO, NO, pairs.vectors().rowRange(0, dimensions), whitening));
    }
  }

  @Override
  public void close() {
    values.close();
    directions.close();
  }
}
