package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import java.util.Arrays;

/**
 * Linear SimSiam: encoder A (r x d), predictor P (r x r), stop gradient and weight decay η, at population moments
 * {@code C = E[x x̂ᵀ]} and {@code T = E[x xᵀ]} (gmm.md 4):
 * {@code A' = Pᵀ(AC − PAT) − ηA}, {@code P' = (AC − PAT)Aᵀ − ηP}.
 *
 * <p>On white data, with ρ the eigenvalues of {@code T⁻¹C}, its stable fixed points have amplitudes
 * {@code p = (ρ + √(ρ² − 4η))/2} where {@code ρ² > 4η}, and zero is stable as well. One thread, one flow; close it.
 */
public final class LinearSimSiam implements AutoCloseable {

  private final Backend backend;
  private final double decay;
  private final Matrix cross;
  private final Matrix total;
  private final Workspace workspace;
  private final Matrix encoder;
  private final Matrix predictor;
  private final Matrix encoded;
  private final Matrix residual;
  private final Matrix encoderMove;
  private final Matrix predictorMove;

  /**
   * Starts a flow.
   *
   * @param cross C, d x d, symmetric; kept by reference
   * @param total T, d x d, symmetric; kept by reference
   * @param decay η, positive
   * @param encoder A at the start, r x d; copied
   * @param predictor P at the start, r x r; copied
   */
  public LinearSimSiam(
      Backend backend, Matrix cross, Matrix total, double decay, Matrix encoder, Matrix predictor) {
    long d = encoder.cols();
    long r = encoder.rows();
    if (cross.rows() != d || cross.cols() != d || total.rows() != d || total.cols() != d || predictor.rows() != r
        || predictor.cols() != r) {
      throw new ShapeMismatch("linear SimSiam: " + encoder.describe("A") + ", " + predictor.describe("P") + ", "
          + cross.describe("C") + " and " + total.describe("T") + " must be r x d, r x r, d x d and d x d");
    }
    requireDecay(decay);
    this.backend = backend;
    this.decay = decay;
    this.cross = cross;
    this.total = total;
    var dtype = encoder.dtype();
    this.workspace = backend.workspace(4 * Workspace.bytes(dtype, r, d) + 2 * Workspace.bytes(dtype, r, r));
    this.encoder = workspace.matrix(dtype, r, d);
    this.encoded = workspace.matrix(dtype, r, d);
    this.residual = workspace.matrix(dtype, r, d);
    this.encoderMove = workspace.matrix(dtype, r, d);
    this.predictor = workspace.matrix(dtype, r, r);
    this.predictorMove = workspace.matrix(dtype, r, r);
    backend.copy(encoder, this.encoder);
    backend.copy(predictor, this.predictor);
  }

  private static void requireDecay(double decay) {
    if (!(decay > 0) || Double.isInfinite(decay)) {
      throw new InvalidArgument("linear SimSiam: weight decay eta = " + decay + "; it must be positive and finite");
    }
  }

  /**
   * Follows the flow by steps until it rests.
   *
   * @param rate the step size; divide it by λ_max(T) where the data are not white
   * @param tolerance the largest |component| of (A', P') that counts as rest
   * @param most steps at most
   * @return the steps taken
   * @throws NotConverged if it does not rest within them
   */
  public int settle(double rate, double tolerance, int most) {
    for (int step = 0; step < most; step++) {
      if (derivative() <= tolerance) {
        return step;
      }
      backend.add(rate, encoderMove, 1, encoder);
      backend.add(rate, predictorMove, 1, predictor);
    }
    throw new NotConverged("linear SimSiam: after " + most + " steps of " + rate + " the flow still moves by "
        + derivative() + "; take more steps, or smaller ones if it has grown");
  }

  /** Sets (A', P') at the present point; returns the largest |component|. */
  private double derivative() {
    backend.gemm(NO, NO, 1, encoder, total, 0, encoded);
    backend.gemm(NO, NO, -1, predictor, encoded, 0, residual);
    backend.gemm(NO, NO, 1, encoder, cross, 1, residual);
    backend.add(-decay, encoder, 0, encoderMove);
    backend.gemm(YES, NO, 1, predictor, residual, 1, encoderMove);
    backend.add(-decay, predictor, 0, predictorMove);
    backend.gemm(NO, YES, 1, residual, encoder, 1, predictorMove);
    return Math.max(backend.maxAbs(encoderMove), backend.maxAbs(predictorMove));
  }

  /** A, r x d; a view that later steps change. */
  public Matrix encoder() {
    return encoder;
  }

  /** P, r x r; a view that later steps change. */
  public Matrix predictor() {
    return predictor;
  }

  /**
   * The largest eigenvalues ρ of {@code T⁻¹C}, {@code C = δB}, descending; they lie between 0 and δ.
   *
   * @param count how many, at most d
   */
  public static double[] associations(GaussianMixture mixture, double delta, int count) {
    GaussianMixture.requireDelta(delta);
    if (count < 1 || count > mixture.dimension()) {
      throw new InvalidArgument("linear SimSiam: " + count + " eigenvalues of a mixture of " + mixture.dimension()
          + " dimensions");
    }
    Backend backend = mixture.backend();
    try (Matrix white = mixture.between(); Matrix root = mixture.total()) {
      backend.scale(delta, white);
      backend.cholesky(root);
      backend.solveTriangular(Side.LEFT, Triangle.LOWER, Transpose.NO, 1, root, white);
      backend.solveTriangular(Side.RIGHT, Triangle.LOWER, YES, 1, root, white);
      try (EigenPairs pairs = Eigensolver.full(backend, white)) {
        return Arrays.copyOf(pairs.values().toArray(), count);
      }
    }
  }

  /** The stable amplitude {@code (ρ + √(ρ² − 4η))/2} on white data; 0 where {@code ρ² ≤ 4η}. */
  public static double amplitude(double association, double decay) {
    requireDecay(decay);
    double discriminant = association * association - 4 * decay;
    return discriminant > 0 && association > 0 ? (association + Math.sqrt(discriminant)) / 2 : 0;
  }

  /** The amplitude {@code (ρ − √(ρ² − 4η))/2} below which balanced starts collapse; infinite where all do. */
  public static double threshold(double association, double decay) {
    double stable = amplitude(association, decay);
    // The product of both roots is η, and this quotient does not cancel.
    return stable == 0 ? Double.POSITIVE_INFINITY : decay / stable;
  }

  @Override
  public void close() {
    workspace.close();
  }
}
