package io.contraspectra.core.manifold;

import io.contraspectra.core.matrix.Matrix;

/**
 * Gradient flow of {@code −tr(WᵀCW)} on the subspaces of dimension z, {@code W' = (I − WWᵀ)(C + Cᵀ)W}, in continuous
 * time or by steps (grassmann.md 3, 4). Compare subspaces, not frames: W is defined up to a rotation WR.
 *
 * <p>One thread, one flow; close it.
 */
public sealed interface GrassmannFlow extends AutoCloseable permits ExactFlow, SteppedFlow {

  /**
   * Starts a flow.
   *
   * @param objective kept by reference, stays the caller's to close
   * @param start W(0), d x z with orthonormal columns; copied
   * @param eta the step size; ignored by the exact flow
   */
  static GrassmannFlow start(TraceObjective objective, Matrix start, FlowMethod method, double eta) {
    return method == FlowMethod.EXACT
        ? new ExactFlow(objective, start)
        : new SteppedFlow(objective, start, method, eta);
  }

  /** The time that was reached last; 0 at the start. */
  double time();

  /**
   * Flows on.
   *
   * @param time where to; finite, not before {@link #time()}
   */
  void advanceTo(double time);

  /** W at {@link #time()}, d x z; a view that later advances change. */
  Matrix frame();

  /** {@code −tr(WᵀCW)} at {@link #time()}. */
  double objective();

  @Override
  void close();
}
