package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.optimize.Lbfgs;
import io.contraspectra.core.optimize.Objective;

/**
 * InfoNCE of a linear map on n pairs, every pair's second view a candidate for every first view (gmm.md 2):
 * {@code L(A) = −(1/n)Σ S_ii + (1/n)Σ_i logsumexp_j S_ij − log n} with {@code S = XAᵀAX̂ᵀ}. Bounded below by −log n.
 *
 * <p>One thread, one loss; close it.
 */
public final class PairInfoNce implements Objective, AutoCloseable {

  private static final String NAME = "InfoNCE of pairs";

  private final Backend backend;
  private final Matrix x;
  private final Matrix positives;
  private final RowContrast contrast;
  private final Workspace workspace;
  private final Matrix z;
  private final Matrix partners;
  private final Matrix dz;
  private final Matrix dPartners;

  /**
   * Prepares the loss.
   *
   * @param x first views, n x d; kept by reference
   * @param positives second views X̂, n x d; kept by reference
   * @param dimensions r, the dimension of the embedding, at least 1
   */
  public PairInfoNce(Backend backend, Matrix x, Matrix positives, int dimensions) {
    if (x.rows() != positives.rows() || x.cols() != positives.cols() || x.size() == 0 || dimensions < 1) {
      throw new ShapeMismatch(NAME + ": " + x.describe("the first views ") + " and "
          + positives.describe("the second views ") + " must have one shape, and the embedding at least 1 dimension,"
          + " got " + dimensions);
    }
    this.backend = backend;
    this.x = x;
    this.positives = positives;
    this.workspace = backend.workspace(4 * Workspace.bytes(x.dtype(), x.rows(), dimensions));
    this.z = workspace.matrix(x.dtype(), x.rows(), dimensions);
    this.partners = workspace.matrix(x.dtype(), x.rows(), dimensions);
    this.dz = workspace.matrix(x.dtype(), x.rows(), dimensions);
    this.dPartners = workspace.matrix(x.dtype(), x.rows(), dimensions);
    this.contrast = new RowContrast(backend, x.dtype(), x.rows(), dimensions);
  }

  /**
   * L(A) and {@code dL/dA = A(XᵀEX̂ + X̂ᵀEᵀX)} with {@code E = (softmax(S) − I)/n}.
   *
   * @param a A, r x d
   * @param gradient r x d, overwritten
   */
  @Override
  public double evaluate(Matrix a, Matrix gradient) {
    if (a.rows() != z.cols() || a.cols() != x.cols()) {
      throw new ShapeMismatch(NAME + ": " + a.describe("A") + " must be " + z.cols() + "x" + x.cols());
    }
    backend.gemm(NO, YES, 1, x, a, 0, z);
    backend.gemm(NO, YES, 1, positives, a, 0, partners);
    backend.fill(0, dz);
    backend.fill(0, dPartners);
    double value = contrast.evaluate(z, partners, 1, dz, dPartners) - Math.log(x.rows());
    backend.gemm(YES, NO, 1, dz, x, 0, gradient);
    backend.gemm(YES, NO, 1, dPartners, positives, 1, gradient);
    return value;
  }

  /**
   * The minimiser, by L-BFGS from the linearised optimum after both views were centred by their common mean and
   * whitened by their pooled second moment (gmm.md 7).
   *
   * @param x first views, n x d with n > d
   * @param positives second views, n x d
   * @param dimensions r, from 1 to d
   * @param gradient the largest |component| of the gradient, in white coordinates, that counts as converged, e.g. 1e-6
   * @return A for the data as given, up to a shift of the embedding; close it
   */
  public static ContrastiveFit fit(Backend backend, Matrix x, Matrix positives, int dimensions, double gradient) {
    PairMoments.requirePairs(NAME, x, positives, true);
    requireDimensions(dimensions, x.cols());
    try (Matrix mean = PairMoments.commonMean(backend, x, positives);
        Matrix centred = PairMoments.shifted(backend, x, mean);
        Matrix centredPositives = PairMoments.shifted(backend, positives, mean);
        Matrix total = PairMoments.pooled(backend, centred, centredPositives);
        Matrix whitening = Whitening.of(backend, total);
        Matrix white = Products.of(backend, NO, YES, centred, whitening);
        Matrix whitePositives = Products.of(backend, NO, YES, centredPositives, whitening);
        Matrix cross = PairMoments.symmetricMoment(backend, white, whitePositives);
        Matrix start = backend.zeros(x.dtype(), dimensions, x.cols());
        var loss = new PairInfoNce(backend, white, whitePositives, dimensions)) {
      InfoNceMinimiser.linearised(backend, cross, start);
      return InfoNceMinimiser.descend(backend, loss, start, whitening, Lbfgs.Stop.at(gradient));
    }
  }

  static void requireDimensions(int dimensions, long most) {
    if (dimensions < 1 || dimensions > most) {
      throw new InvalidArgument("pairs: an embedding of " + dimensions + " dimensions; give from 1 to " + most
          + ", the dimension of the data");
    }
  }

  @Override
  public void close() {
    contrast.close();
    workspace.close();
  }
}
