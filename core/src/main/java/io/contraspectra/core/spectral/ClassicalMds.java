package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenOptions;
import io.contraspectra.core.operator.Operators;

/**
 * Classical scaling (Torgerson 1952): points whose inner products are closest to {@code −½ H Δ² H} of given distances.
 */
public final class ClassicalMds {

  private static final String NAME = "classical mds";

  private ClassicalMds() {}

  /**
   * Scaling of the Euclidean distances between the rows of X: the principal component scores, without a matrix of
   * distances.
   *
   * @param x N x d
   * @param k K, at most d and N
   * @return eigenvalues of {@code −½ H Δ² H} descending
   */
  public static Embedding embedding(Backend backend, Matrix x, int k) {
    return Pca.embedding(NAME, backend, x, k);
  }

  /**
   * Scaling of given distances.
   *
   * @param distances N x N, symmetric, not negative; they need not be Euclidean
   * @param k K, at most N − 1
   * @return eigenvalues theta of {@code −½ H Δ² H} descending; negative ones contribute nothing
   */
  public static Embedding ofDistances(Backend backend, Matrix distances, int k) {
    long n = distances.rows();
    if (distances.cols() != n) {
      throw new InvalidArgument(NAME + ": " + distances.describe("the distances") + " must be square");
    }
    Requirements.dimensions(NAME, k, n - 1, "distances of " + n + " samples span no more");
    backend.requireFinite(NAME + ": distances", distances);
    try (Matrix squares = backend.zeros(distances.dtype(), n, n)) {
      backend.multiply(distances, distances, squares);
      backend.scale(-0.5, squares);
      return KernelPca.factorisation(Operators.explicit(backend, squares), k, EigenOptions.DEFAULTS);
    }
  }
}
