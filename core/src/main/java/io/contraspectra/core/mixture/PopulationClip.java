package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.optimize.Lbfgs;
import io.contraspectra.core.optimize.Objective;

/**
 * The CLIP loss of bilinear similarities {@code xᵀMy}, {@code M = AᵀB}, on a {@link ClipMixture}, in the limit of
 * infinitely many pairs (gmm.md 5):
 * {@code L(M) = −tr(MᵀC) + ½E_x log E_y exp(xᵀMy) + ½E_y log E_x exp(xᵀMy)}. Convex in M, which is any d_V x d_T
 * matrix.
 *
 * <p>One thread, one loss; close it.
 */
public final class PopulationClip implements Objective, AutoCloseable {

  private static final int MEMORY = 20;

  private final Backend backend;
  private final Matrix cross;
  private final MarginalLogTerm overTexts;
  private final MarginalLogTerm overImages;

  /** Prepares the loss of a model that is kept by reference. */
  public PopulationClip(ClipMixture mixture) {
    this.backend = mixture.backend();
    this.overTexts = new MarginalLogTerm(mixture.images(), mixture.texts());
    this.overImages = new MarginalLogTerm(mixture.texts(), mixture.images());
    this.cross = mixture.cross();
  }

  /**
   * L(M) and dL/dM.
   *
   * @param m M, d_V x d_T
   * @param gradient d_V x d_T, overwritten
   */
  @Override
  public double evaluate(Matrix m, Matrix gradient) {
    if (m.rows() != cross.rows() || m.cols() != cross.cols()) {
      throw new ShapeMismatch("population CLIP: " + m.describe("M") + " must be " + cross.rows() + "x" + cross.cols());
    }
    try (Matrix transposed = backend.zeros(DType.F64, m.cols(), m.rows());
        Matrix pull = backend.zeros(DType.F64, m.cols(), m.rows())) {
      backend.transpose(m, transposed);
      double value = 0.5 * overImages.evaluate(transposed, 0.5, pull);
      backend.transpose(pull, gradient);
      backend.add(-1, cross, 1, gradient);
      return value + 0.5 * overTexts.evaluate(m, 0.5, gradient) - backend.dot(m, cross);
    }
  }

  /** The unique minimiser M, d_V x d_T, by L-BFGS in coordinates in which both modalities are white; close it. */
  public static ContrastiveFit minimise(ClipMixture mixture) {
    Backend backend = mixture.backend();
    try (Matrix imageTotal = mixture.images().total();
        Matrix textTotal = mixture.texts().total();
        Matrix imageMap = Whitening.of(backend, imageTotal);
        Matrix textMap = Whitening.of(backend, textTotal);
        ClipMixture white = mixture.mapped(imageMap, textMap);
        var loss = new PopulationClip(white);
        // The minimiser to first order in the association of the modalities.
        Matrix theta = white.cross();
        var rule = new Lbfgs(backend, theta, MEMORY, InfoNceMinimiser.TERMS)) {
      Lbfgs.Result result = rule.minimise(loss, theta, InfoNceMinimiser.STOP);
      try (Matrix half = Products.of(backend, YES, NO, imageMap, theta)) {
        return new ContrastiveFit(Products.of(backend, NO, NO, half, textMap), result);
      }
    }
  }

  @Override
  public void close() {
    overTexts.close();
    overImages.close();
    cross.close();
  }
}
