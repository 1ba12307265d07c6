package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.optimize.Lbfgs;
import io.contraspectra.core.optimize.Objective;

/**
 * Minimises the population InfoNCE of a mixture by L-BFGS in coordinates in which the mixture is white: the loss does
 * not see invertible linear maps of the data, the optimiser does (gmm.md 2, 7).
 */
public final class InfoNceMinimiser {

  private static final int MEMORY = 20;

  /** Losses are sums of logarithms of this size, of weights or of averages of exponentials, that cancel to L(0) = 0. */
  static final double TERMS = 1;

  /**
   * Ten times what gradients are rounded by. The loss sees a direction of size a outside of the minimiser's space by
   * a⁴/2, the gradient by 2a³: at this gradient such directions are below 2e-5.
   */
  static final Lbfgs.Stop STOP = new Lbfgs.Stop(1e-14, 0, 500);

  /** Singular value of a row that starts without an association of its own. */
  private static final double SMALL_ROW = 0.01;

  private InfoNceMinimiser() {}

  /**
   * The minimiser among maps to r dimensions, from the linearised optimum.
   *
   * @param delta the probability that the augmentation keeps the component, from 0 to 1
   * @param dimensions r, at least 1
   */
  public static ContrastiveFit minimise(GaussianMixture mixture, double delta, int dimensions) {
    if (dimensions < 1) {
      throw new InvalidArgument("InfoNCE: a map to " + dimensions + " dimensions; at least 1 is needed");
    }
    Backend backend = mixture.backend();
    try (Matrix total = mixture.total();
        Matrix whitening = Whitening.of(backend, total);
        GaussianMixture white = mixture.mapped(whitening);
        Matrix start = backend.zeros(DType.F64, dimensions, mixture.dimension())) {
      try (Matrix cross = white.between()) {
        backend.scale(delta, cross);
        // With one covariance no minimiser leaves the span of the means, and rows may start and stay at 0.
        linearised(backend, cross, start, white.isShared() ? 0 : SMALL_ROW);
      }
      return descend(white, delta, start, whitening);
    }
  }

  /**
   * The minimiser that L-BFGS reaches from a given map.
   *
   * @param start A, r x d; not changed
   */
  public static ContrastiveFit minimise(GaussianMixture mixture, double delta, Matrix start) {
    if (start.cols() != mixture.dimension() || start.rows() == 0) {
      throw new ShapeMismatch("InfoNCE: " + start.describe("the start ") + " must have " + mixture.dimension()
          + " columns, as the mixture has dimensions, and at least one row");
    }
    Backend backend = mixture.backend();
    try (Matrix total = mixture.total();
        Matrix whitening = Whitening.of(backend, total);
        GaussianMixture white = mixture.mapped(whitening);
        // A = ÃW and WTWᵀ = I, so Ã = A T Wᵀ.
        Matrix pulled = Products.of(backend, NO, NO, start, total);
        Matrix whiteStart = Products.of(backend, NO, YES, pulled, whitening)) {
      return descend(white, delta, whiteStart, whitening);
    }
  }

  /**
   * {@code M = δT⁻¹BT⁻¹}: the minimiser to first order in δ, and the exact one of the quadratic loss
   * {@code −2tr(MC) + tr(MTMT)} (gmm.md 3).
   *
   * @return d x d, to be closed by the caller
   */
  public static Matrix linearised(GaussianMixture mixture, double delta) {
    GaussianMixture.requireDelta(delta);
    Backend backend = mixture.backend();
    Matrix m = mixture.between();
    try (Matrix root = mixture.total()) {
      backend.scale(delta, m);
      backend.cholesky(root);
      backend.solveTriangular(Side.LEFT, Triangle.LOWER, Transpose.NO, 1, root, m);
      backend.solveTriangular(Side.LEFT, Triangle.LOWER, YES, 1, root, m);
      backend.solveTriangular(Side.RIGHT, Triangle.LOWER, YES, 1, root, m);
      backend.solveTriangular(Side.RIGHT, Triangle.LOWER, Transpose.NO, 1, root, m);
      return m;
    }
  }

  /**
   * The rows {@code √λ_k v_k} of the top eigenpairs of a cross moment between white views: the linearised optimum's
   * factor, from which L-BFGS starts.
   *
   * @param cross d x d, symmetric
   * @param start r x d, overwritten
   */
  static void linearised(Backend backend, Matrix cross, Matrix start) {
    linearised(backend, cross, start, SMALL_ROW);
  }

  /**
   * The same.
   *
   * @param floor the least size of a row, so that descent can leave from where λ is not positive
   */
  private static void linearised(Backend backend, Matrix cross, Matrix start, double floor) {
    try (EigenPairs pairs = Eigensolver.full(backend, cross)) {
      double[] values = pairs.values().toArray();
      backend.fill(0, start);
      for (int k = 0; k < Math.min(start.rows(), values.length); k++) {
        double size = Math.max(Math.sqrt(Math.max(values[k], 0)), floor);
        backend.add(size, pairs.vectors().rowRange(k, 1), 0, start.rowRange(k, 1));
      }
    }
  }

  private static ContrastiveFit descend(GaussianMixture white, double delta, Matrix start, Matrix whitening) {
    if (white.isShared()) {
      try (var loss = new PopulationInfoNce(white, delta)) {
        return descend(white.backend(), loss, start, whitening, STOP);
      }
    }
    try (var loss = new UnequalInfoNce(white, delta, Math.toIntExact(start.rows()))) {
      return descend(white.backend(), loss, start, whitening, STOP);
    }
  }

  /** Minimises over Ã from {@code start}, which ends at the minimiser, and returns {@code A = ÃW}. */
  static ContrastiveFit descend(Backend backend, Objective loss, Matrix start, Matrix whitening, Lbfgs.Stop stop) {
    try (Matrix theta = backend.copyOf(start, start.dtype()); var rule = new Lbfgs(backend, theta, MEMORY, TERMS)) {
      Lbfgs.Result result = rule.minimise(loss, theta, stop);
      return new ContrastiveFit(Products.of(backend, NO, NO, theta, whitening), result);
    }
  }
}
