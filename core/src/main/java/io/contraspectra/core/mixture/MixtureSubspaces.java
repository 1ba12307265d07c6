package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;

/** The subspaces that a mixture has by itself (gmm.md 1), as frames d x q, to be closed by the caller. */
public final class MixtureSubspaces {

  private MixtureSubspaces() {}

  /**
   * The Fisher subspace {@code T⁻¹ span{μ_k}} of the centred means, of dimension q ≤ K − 1: with a shared covariance
   * the same as {@code Σ⁻¹ span{μ_k}}, and the smallest linear projection that keeps the posterior of the component.
   */
  public static Matrix fisher(GaussianMixture mixture) {
    Backend backend = mixture.backend();
    try (Matrix root = mixture.total(); Matrix whitened = transposedMeans(mixture)) {
      backend.cholesky(root);
      backend.solveTriangular(Side.LEFT, Triangle.LOWER, Transpose.NO, 1, root, whitened);
      try (Matrix basis = Subspaces.basis(backend, "the whitened means", whitened)) {
        backend.solveTriangular(Side.LEFT, Triangle.LOWER, YES, 1, root, basis);
        return Subspaces.basis(backend, "the Fisher directions", basis);
      }
    }
  }

  /** The span of the centred means, of dimension q ≤ K − 1. */
  public static Matrix means(GaussianMixture mixture) {
    try (Matrix means = transposedMeans(mixture)) {
      return Subspaces.basis(mixture.backend(), "the means", means);
    }
  }

  /** The span of the top eigenvectors of T: what PCA finds. */
  public static Matrix principal(GaussianMixture mixture, int dimensions) {
    if (dimensions < 1 || dimensions > mixture.dimension()) {
      throw new InvalidArgument("principal subspace of " + dimensions + " dimensions in "
          + mixture.dimension() + "; give from 1 to that many");
    }
    Backend backend = mixture.backend();
    try (Matrix total = mixture.total(); EigenPairs pairs = Eigensolver.full(backend, total)) {
      Matrix frame = backend.zeros(DType.F64, mixture.dimension(), dimensions);
      backend.transpose(pairs.vectors().rowRange(0, dimensions), frame);
      return frame;
    }
  }

  private static Matrix transposedMeans(GaussianMixture mixture) {
    Matrix means = mixture.backend().zeros(DType.F64, mixture.dimension(), mixture.components());
    mixture.backend().transpose(mixture.centredMeans(), means);
    return means;
  }
}
