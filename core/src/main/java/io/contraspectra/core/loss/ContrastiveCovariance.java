package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;

/**
 * The contrastive covariance of an importance alpha, {@code C[a, b] = Σ_ij alpha_ij ((a_i − a_j)(b_i − b_j)ᵀ −
 * (a_i − a'_i)(b_i − b'_i)ᵀ) = aᵀ Lap b − (a − a')ᵀ B (b − b')} with S = alpha + alphaᵀ, Lap = diag(S1) − S and
 * B = diag(alpha 1), and the energy {@code E = tr C[z, z]/2} (alphacl.md 1). Not divided by the number of samples.
 */
public final class ContrastiveCovariance {

  private ContrastiveCovariance() {}

  /**
   * C[a, b].
   *
   * @param alpha n x n
   * @param a n x p
   * @param aPositive n x p, the positives a'
   * @param b n x q
   * @param bPositive n x q, the positives b'
   * @param c p x q, overwritten
   */
  public static void between(Backend backend, Matrix alpha, Matrix a, Matrix aPositive, Matrix b, Matrix bPositive,
      Matrix c) {
    long n = alpha.rows();
    requireShapes(alpha, a, aPositive, b, bPositive);
    long bytes = 2 * Workspace.bytes(alpha.dtype(), n, a.cols()) + 2 * Workspace.bytes(alpha.dtype(), n, b.cols())
        + 3 * Workspace.bytes(alpha.dtype(), n, 1) + Workspace.bytes(alpha.dtype(), 1, b.cols());
    try (Workspace workspace = backend.workspace(bytes)) {
      Matrix ones = workspace.matrix(alpha.dtype(), n, 1);
      Matrix rowSums = workspace.matrix(alpha.dtype(), n, 1);
      Matrix sums = workspace.matrix(alpha.dtype(), n, 1);
      Matrix mean = workspace.matrix(alpha.dtype(), 1, b.cols());
      Matrix centred = workspace.matrix(alpha.dtype(), n, b.cols());
      Matrix image = workspace.matrix(alpha.dtype(), n, b.cols());
      Matrix difference = workspace.matrix(alpha.dtype(), n, a.cols());
      Matrix weighted = workspace.matrix(alpha.dtype(), n, a.cols());
      backend.fill(1, ones);
      TiledGemm.gemm(backend, NO, NO, 1, alpha, ones, 0, rowSums);
      backend.copy(rowSums, sums);
      TiledGemm.gemm(backend, YES, NO, 1, alpha, ones, 1, sums);

      // The Laplacian does not see a shift of b, and small numbers lose less.
      backend.columnSums(1.0 / n, b, 0, mean);
      backend.copy(b, centred);
      backend.addRow(-1, mean, centred);
      backend.multiplyColumn(sums, centred, image);
      TiledGemm.gemm(backend, NO, NO, -1, alpha, centred, 1, image);
      TiledGemm.gemm(backend, YES, NO, -1, alpha, centred, 1, image);
      TiledGemm.gemm(backend, YES, NO, 1, a, image, 0, c);

      backend.copy(a, difference);
      backend.add(-1, aPositive, 1, difference);
      backend.multiplyColumn(rowSums, difference, weighted);
      backend.copy(b, centred);
      backend.add(-1, bPositive, 1, centred);
      TiledGemm.gemm(backend, YES, NO, -1, weighted, centred, 1, c);
    }
  }

  /** C[a] = C[a, a], p x p, overwritten. */
  public static void of(Backend backend, Matrix alpha, Matrix a, Matrix aPositive, Matrix c) {
    between(backend, alpha, a, aPositive, a, aPositive, c);
  }

  /** The energy {@code E = Σ_ij alpha_ij (d_ij² − d_i²)} of embeddings z with positives z', K x K of scratch. */
  public static double energy(Backend backend, Matrix alpha, Matrix z, Matrix zPositive) {
    try (Matrix c = backend.zeros(z.dtype(), z.cols(), z.cols())) {
      of(backend, alpha, z, zPositive, c);
      double trace = 0;
      for (long k = 0; k < z.cols(); k++) {
        trace += c.get(k, k);
      }
      return trace / 2;
    }
  }

  private static void requireShapes(Matrix alpha, Matrix a, Matrix aPositive, Matrix b, Matrix bPositive) {
    boolean fits = alpha.rows() == alpha.cols() && a.rows() == alpha.rows() && b.rows() == alpha.rows()
        && aPositive.rows() == a.rows() && aPositive.cols() == a.cols()
        && bPositive.rows() == b.rows() && bPositive.cols() == b.cols();
    if (!fits) {
      throw new ShapeMismatch("contrastive covariance: " + alpha.describe("alpha") + ", " + a.describe("a") + ", "
          + aPositive.describe("a'") + ", " + b.describe("b") + ", " + bPositive.describe("b'")
          + ": alpha must be square with a row for every sample, and positives have the shape of their samples");
    }
  }
}
