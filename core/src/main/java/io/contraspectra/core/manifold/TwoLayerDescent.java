package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;

/**
 * A two-layer linear network {@code f(x) = W2ᵀW1ᵀx} with both layers orthonormal, each descending {@code −tr(WᵀCW)},
 * {@code W = W1W2}, on its own Grassmann manifold at equal speed (grassmann.md 5):
 * {@code W1' = (I − W1W1ᵀ)AWW2ᵀ}, {@code W2' = (I − W2W2ᵀ)W1ᵀAW}.
 *
 * <p>In continuous time W follows exactly the flow of one layer, whatever the width h: the effective subspace at any
 * time is {@link ExactFlow} from W1W2. Steps agree with it to first order. One thread; close it.
 */
public final class TwoLayerDescent implements AutoCloseable {

  private final TraceObjective objective;
  private final Backend backend;
  private final double eta;
  private final Workspace workspace;
  private final Matrix w1;
  private final Matrix w2;
  private final Matrix effective;
  private final Matrix gradient;
  private final Matrix gradient1;
  private final Matrix gradient2;
  private final Retractor retractor1;
  private final Retractor retractor2;

  /**
   * Prepares a descent.
   *
   * @param objective kept by reference
   * @param first W1, d x h with orthonormal columns; copied
   * @param second W2, h x z with orthonormal columns, z ≤ h ≤ d; copied
   * @param retraction how both layers come back to their manifolds
   * @param eta the step size, positive and finite
   */
  public TwoLayerDescent(TraceObjective objective, Matrix first, Matrix second, Retraction retraction, double eta) {
    if (!(eta > 0) || Double.isInfinite(eta)) {
      throw new InvalidArgument("two-layer descent: step size eta = " + eta + " must be positive and finite");
    }
    if (first.cols() != second.rows()) {
      throw new ShapeMismatch("two-layer descent: the columns of " + first.describe("W1") + " must be the rows of "
          + second.describe("W2"));
    }
    objective.requireFrame("W1", first);
    Stiefel.requireFrame(objective.backend(), "W2", second);
    this.objective = objective;
    this.backend = objective.backend();
    this.eta = eta;
    DType dtype = first.dtype();
    long d = first.rows();
    long h = first.cols();
    long z = second.cols();
    this.workspace = backend.workspace(2 * Workspace.bytes(dtype, d, h) + 2 * Workspace.bytes(dtype, h, z)
        + 2 * Workspace.bytes(dtype, d, z));
    this.w1 = workspace.matrix(dtype, d, h);
    this.w2 = workspace.matrix(dtype, h, z);
    this.effective = workspace.matrix(dtype, d, z);
    this.gradient = workspace.matrix(dtype, d, z);
    this.gradient1 = workspace.matrix(dtype, d, h);
    this.gradient2 = workspace.matrix(dtype, h, z);
    this.retractor1 = new Retractor(backend, retraction, dtype, d, h);
    this.retractor2 = new Retractor(backend, retraction, dtype, h, z);
    backend.copy(first, w1);
    backend.copy(second, w2);
  }

  /** One step of both layers, their gradients taken at the same point. */
  public void step() {
    objective.gradient(effective(), gradient);
    backend.gemm(NO, YES, 1, gradient, w2, 0, gradient1);
    backend.gemm(YES, NO, 1, w1, gradient, 0, gradient2);
    retractor1.stepAlong(w1, gradient1, -eta);
    retractor2.stepAlong(w2, gradient2, -eta);
  }

  /** W1, d x h; a view that later steps change. */
  public Matrix first() {
    return w1;
  }

  /** W2, h x z; a view that later steps change. */
  public Matrix second() {
    return w2;
  }

  /** {@code W = W1W2}, d x z; a view that the next call overwrites. */
  public Matrix effective() {
    backend.gemm(NO, NO, 1, w1, w2, 0, effective);
    return effective;
  }

  @Override
  public void close() {
    retractor1.close();
    retractor2.close();
    workspace.close();
  }
}
