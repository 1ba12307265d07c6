package io.contraspectra.experiments.paper.features;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;

/**
 * The matrix whose principal components an orthonormal readout looks for, {@code S = (C + Cᵀ)/2} with
 * {@code C = Hᵀ(H⁺ − H⁻)/(NM)} of the features H, H⁺, H⁻ (N x M) of anchors, positives and negatives (ntk.md 3b): the
 * contrastive loss of the readout W is {@code −tr(WᵀSW)}. S is M x M and indefinite, its rank at most 2N, so it is kept
 * as {@code S = c BᵀPB} with the rows B = [H; H⁺ − H⁻] (2N x M), P swapping their halves and c = 1/(2NM). Close it.
 */
final class FeatureMatrix implements AutoCloseable {

  private final Backend backend;
  private final Matrix rows;
  private final long samples;
  private final double factor;

  /**
   * Of the features of all views.
   *
   * @param features 3N x M: of the anchors, the positives, the negatives; not kept
   */
  FeatureMatrix(Backend backend, Matrix features) {
    this.backend = backend;
    this.samples = features.rows() / 3;
    this.rows = backend.copyOf(features.rowRange(0, 2 * samples), features.dtype());
    this.factor = 1.0 / (2 * samples * features.cols());
    backend.add(-1, features.rowRange(2 * samples, samples), 1, rows.rowRange(samples, samples));
  }

  /** {@code tr(S S')}, by {@code c² Σ X_ab X_σ(a)σ(b)} with X = BB'ᵀ and the swap σ. */
  double inner(FeatureMatrix other) {
    int size = (int) rows.rows();
    int half = (int) samples;
    try (Matrix product = backend.zeros(rows.dtype(), size, size)) {
      backend.gemm(NO, YES, 1, rows, other.rows, 0, product);
      double[] x = product.toArray();
      double sum = 0;
      for (int a = 0; a < size; a++) {
        for (int b = 0; b < size; b++) {
          sum += x[a * size + b] * x[(a + half) % size * size + (b + half) % size];
        }
      }
      return factor * other.factor * sum;
    }
  }

  /** {@code ‖S‖_F}. */
  double norm() {
    return Math.sqrt(inner(this));
  }

  /** {@code ‖S − S'‖_F}. */
  double distance(FeatureMatrix other) {
    return Math.sqrt(Math.max(0, inner(this) + other.inner(other) - 2 * inner(other)));
  }

  /**
   * The principal components.
   *
   * @param frame K x M, orthonormal rows: eigenvectors of the K algebraically largest eigenvalues; the caller's to close
   * @param sum of these eigenvalues
   * @param gap between the last of them and the next one
   * @param largest absolute eigenvalue
   */
  record Leading(Matrix frame, double sum, double gap, double largest) implements AutoCloseable {
    @Override
    public void close() {
      frame.close();
    }
  }

  /** The K first principal components: of S itself where it is small, of a 2N x 2N matrix otherwise. */
  Leading leading(int k) {
    long width = rows.cols();
    boolean wide = width > rows.rows();
    long size = Math.min(width, rows.rows());
    try (Matrix basis = backend.copyOf(rows, rows.dtype());
        Matrix triangle = backend.zeros(rows.dtype(), rows.rows(), rows.rows());
        Matrix small = backend.zeros(rows.dtype(), size, size);
        Matrix values = backend.zeros(rows.dtype(), 1, size)) {
      if (wide) {
        backend.lq(basis, triangle);
      }
      sandwich(wide ? triangle : rows, small);
      backend.eigh(small, values);
      Matrix top = small.rowRange(size - k, k);
      Matrix frame = backend.zeros(rows.dtype(), k, width);
      if (wide) {
        backend.gemm(NO, NO, 1, top, basis, 0, frame);
      } else {
        backend.copy(top, frame);
      }
      return leading(frame, values.toArray(), wide);
    }
  }

  /** {@code c LᵀPL} of 2N rows L. */
  private void sandwich(Matrix l, Matrix result) {
    try (Matrix swapped = backend.zeros(l.dtype(), l.rows(), l.cols())) {
      backend.copy(l.rowRange(0, samples), swapped.rowRange(samples, samples));
      backend.copy(l.rowRange(samples, samples), swapped.rowRange(0, samples));
      backend.gemm(YES, NO, factor, l, swapped, 0, result);
    }
  }

  /** S has the eigenvalue 0 beside those of the small matrix where it is larger. */
  private static Leading leading(Matrix frame, double[] ascending, boolean wide) {
    int k = (int) frame.rows();
    int n = ascending.length;
    double sum = 0;
    for (int i = n - k; i < n; i++) {
      sum += ascending[i];
    }
    double next = wide ? Math.max(0, ascending[n - k - 1]) : ascending[n - k - 1];
    return new Leading(frame, sum, ascending[n - k] - next, Math.max(ascending[n - 1], -ascending[0]));
  }

  @Override
  public void close() {
    rows.close();
  }
}
