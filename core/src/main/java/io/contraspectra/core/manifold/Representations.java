package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;

/** How alike two representations of the same samples are, up to what does not matter. All methods are thread-safe. */
public final class Representations {

  private Representations() {}

  /**
   * {@code min_R ‖FR − G‖_F/‖G‖_F} over orthogonal R (ntk.md 3b), with {@code R = UVᵀ} of {@code FᵀG = USVᵀ}; where the
   * columns differ in number, R has orthonormal rows or columns. NaN if G is zero.
   *
   * @param f n x p
   * @param g n x q, the reference
   */
  public static double procrustesMisfit(Backend backend, Matrix f, Matrix g) {
    requireEqualRows(f, g);
    long r = Math.min(f.cols(), g.cols());
    try (Matrix cross = backend.zeros(f.dtype(), f.cols(), g.cols());
        Matrix u = backend.zeros(f.dtype(), f.cols(), r);
        Matrix s = backend.zeros(f.dtype(), 1, r);
        Matrix v = backend.zeros(f.dtype(), r, g.cols());
        Matrix turned = backend.zeros(f.dtype(), f.rows(), g.cols());
        Matrix half = backend.zeros(f.dtype(), f.rows(), r)) {
      backend.gemm(YES, NO, 1, f, g, 0, cross);
      backend.svd(cross, u, s, v);
      backend.gemm(NO, NO, 1, f, u, 0, half);
      backend.gemm(NO, NO, 1, half, v, 0, turned);
      return backend.distance(turned, g) / backend.norm(g);
    }
  }

  /**
   * Linear centred kernel alignment, {@code ‖GᵀF‖²/(‖FᵀF‖‖GᵀG‖)} of the matrices with centred columns (Kornblith et al.
   * 2019): 1 for representations that agree up to rotation and scale. NaN if one does not vary.
   *
   * @param f n x p
   * @param g n x q
   */
  public static double linearCka(Backend backend, Matrix f, Matrix g) {
    requireEqualRows(f, g);
    try (Matrix x = centred(backend, f); Matrix y = centred(backend, g)) {
      double cross = gramNorm(backend, y, x);
      return cross / gramNorm(backend, x, x) * (cross / gramNorm(backend, y, y));
    }
  }

  /** {@code ‖XᵀY‖_F}. */
  private static double gramNorm(Backend backend, Matrix x, Matrix y) {
    try (Matrix gram = backend.zeros(x.dtype(), x.cols(), y.cols())) {
      backend.gemm(YES, NO, 1, x, y, 0, gram);
      return backend.norm(gram);
    }
  }

  /** X with the mean of every column taken away; the caller closes it. */
  static Matrix centred(Backend backend, Matrix x) {
    Matrix copy = backend.copyOf(x, x.dtype());
    try (Matrix mean = backend.zeros(x.dtype(), 1, x.cols())) {
      backend.columnSums(1.0 / Math.max(1, x.rows()), x, 0, mean);
      backend.addRow(-1, mean, copy);
      return copy;
    }
  }

  private static void requireEqualRows(Matrix f, Matrix g) {
    if (f.rows() != g.rows() || f.size() == 0 || g.size() == 0) {
      throw new ShapeMismatch("representations: " + f.describe("F") + " and " + g.describe("G")
          + " must have equal rows, one per sample, and at least one column");
    }
  }
}
