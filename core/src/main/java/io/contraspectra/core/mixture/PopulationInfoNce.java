package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.optimize.Objective;

/**
 * InfoNCE of linear maps on a Gaussian mixture with shared covariance, in the limit of infinitely many pairs and
 * negatives (gmm.md 2):
 *
 * <p>{@code L(M) = −tr(MC) + ½tr(MΣMT) + Σ_j w_j E logsumexp_k(log w_k + s_jk)}, with {@code M = AᵀA},
 * {@code C = δB} and the logits s of component j, by quadrature in as many dimensions as the means span. Without
 * normalisation, at temperature 1; L(0) = 0. Convex in M, so that maps A to at least d dimensions have no local minima.
 *
 * <p>One thread, one loss; close it.
 */
public final class PopulationInfoNce implements Objective, AutoCloseable {

  private final Backend backend;
  private final Matrix cross;
  private final MarginalLogTerm logTerm;

  /**
   * Prepares the loss.
   *
   * @param mixture with a shared covariance; may be closed afterwards only after this loss
   * @param delta the probability that the augmentation keeps the component, from 0 to 1
   */
  public PopulationInfoNce(GaussianMixture mixture, double delta) {
    GaussianMixture.requireDelta(delta);
    if (!mixture.isShared()) {
      throw new InvalidArgument("population InfoNCE: the components have different covariances;"
          + " use UnequalInfoNce, which integrates over the embedding");
    }
    this.backend = mixture.backend();
    this.logTerm = new MarginalLogTerm(mixture, mixture);
    this.cross = mixture.between();
    backend.scale(delta, cross);
  }

  /**
   * L(M) and its gradient.
   *
   * @param m M, d x d, symmetric
   * @param gradient G, d x d, overwritten with the symmetric {@code dL/dM}
   */
  public double atM(Matrix m, Matrix gradient) {
    requireSize(m, m.rows() == cross.rows());
    try (Matrix half = backend.zeros(DType.F64, m.rows(), m.cols())) {
      double value = logTerm.evaluate(m, 0.5, half) - backend.dot(m, cross);
      backend.transpose(half, gradient);
      backend.add(1, half, 1, gradient);
      backend.add(-1, cross, 1, gradient);
      return value;
    }
  }

  /**
   * L(AᵀA) and {@code dL/dA = 2AG}.
   *
   * @param a A, r x d
   * @param gradient r x d, overwritten
   */
  @Override
  public double evaluate(Matrix a, Matrix gradient) {
    requireSize(a, true);
    try (Matrix m = Products.of(backend, YES, NO, a, a);
        Matrix g = backend.zeros(DType.F64, m.rows(), m.cols())) {
      double value = atM(m, g);
      backend.gemm(NO, NO, 2, a, g, 0, gradient);
      return value;
    }
  }

  private void requireSize(Matrix x, boolean rowsFit) {
    if (x.cols() != cross.cols() || !rowsFit) {
      throw new ShapeMismatch("population InfoNCE: " + x.describe("the map ") + " does not fit a mixture of "
          + cross.rows() + " dimensions");
    }
  }

  @Override
  public void close() {
    logTerm.close();
    cross.close();
  }
}
