package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;

/**
 * The objective {@code L(W) = −tr(WᵀCW) = −½tr(WᵀAW)} of linear self-supervised learning, with {@code A = C + Cᵀ}
 * (grassmann.md 1). C need not be symmetric, and A may be indefinite; only A matters. Under {@code WᵀW = I} the least
 * value is minus half the sum of the z largest eigenvalues of A.
 *
 * <p>Owns A; close it. Reading is thread-safe.
 */
public final class TraceObjective implements AutoCloseable {

  private final Backend backend;
  private final Matrix a;

  private TraceObjective(Backend backend, Matrix a) {
    this.backend = backend;
    this.a = a;
  }

  /**
   * The objective of a given C.
   *
   * @param c d x d, finite; not kept
   */
  public static TraceObjective of(Backend backend, Matrix c) {
    if (c.rows() != c.cols() || c.rows() == 0) {
      throw new ShapeMismatch("-tr(WᵀCW): " + c.describe("C") + " must be square, with at least one row");
    }
    backend.requireFinite("-tr(WᵀCW): C", c);
    Matrix a = backend.zeros(c.dtype(), c.rows(), c.cols());
    backend.transpose(c, a);
    backend.add(1, c, 1, a);
    return new TraceObjective(backend, a);
  }

  /**
   * The contrastive loss of a linear map with one negative, {@code (1/n)Σ f(x_i)·(f(x_i⁻) − f(x_i⁺))}:
   * {@code C = (1/n)Σ x_i(x_i⁺ − x_i⁻)ᵀ}.
   *
   * @param x n x d, as are the others
   */
  public static TraceObjective contrastive(Backend backend, Matrix x, Matrix positives, Matrix negatives) {
    try (Matrix difference = backend.copyOf(positives, positives.dtype())) {
      backend.add(-1, negatives, 1, difference);
      return nonContrastive(backend, x, difference);
    }
  }

  /** The loss without negatives, {@code −(1/n)Σ f(x_i)·f(x_i⁺)}: {@code C = (1/n)Σ x_i x_i⁺ᵀ}, X and X⁺ of n x d. */
  public static TraceObjective nonContrastive(Backend backend, Matrix x, Matrix positives) {
    if (x.rows() == 0) {
      throw new ShapeMismatch("-tr(WᵀCW) of samples: " + x.describe("X") + " must have at least one row");
    }
    try (Matrix c = backend.zeros(x.dtype(), x.cols(), positives.cols())) {
      backend.gemm(YES, NO, 1.0 / x.rows(), x, positives, 0, c);
      return of(backend, c);
    }
  }

  /** Where it computes. */
  public Backend backend() {
    return backend;
  }

  /** {@code A = C + Cᵀ}, d x d; owned by this objective. */
  public Matrix symmetric() {
    return a;
  }

  /** d. */
  public long dimension() {
    return a.rows();
  }

  /** {@code L(W) = −½tr(WᵀAW)} at any W of d x z. */
  public double value(Matrix w) {
    try (Matrix gradient = backend.zeros(w.dtype(), w.rows(), w.cols())) {
      gradient(w, gradient);
      return 0.5 * backend.dot(w, gradient);
    }
  }

  /** {@code G = dL/dW = −AW}, without regard to any constraint; G of d x z must not overlap W. */
  public void gradient(Matrix w, Matrix gradient) {
    backend.gemm(NO, NO, -1, a, w, 0, gradient);
  }

  void requireFrame(String name, Matrix w) {
    if (w.rows() != dimension()) {
      throw new ShapeMismatch(w.describe(name) + " must have as many rows as " + a.describe("C"));
    }
    Stiefel.requireFrame(backend, name, w);
  }

  @Override
  public void close() {
    a.close();
  }
}
