package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;

/**
 * The flow in closed form, {@code W(t) = exp(tA)W0 (W0ᵀexp(2tA)W0)^(-1/2)} (grassmann.md 3), accurate for any time: the
 * exponential is applied in substeps, each followed by a QR factorisation.
 *
 * <p>The span is that of the gradient flow; the frame is the one of the formula, from which the solution of the
 * differential equation differs by a rotation WR(t).
 */
public final class ExactFlow implements GrassmannFlow {

  private final Owned owned = new Owned();
  private final TraceObjective objective;
  private final Backend backend;
  private final EigenPairs eigen;
  private final DiagonalFlow flow;
  private final Matrix w;

  /**
   * Starts at time 0.
   *
   * @param objective kept by reference
   * @param start W(0), d x z with orthonormal columns; copied
   */
  public ExactFlow(TraceObjective objective, Matrix start) {
    objective.requireFrame("W0", start);
    this.objective = objective;
    this.backend = objective.backend();
    this.eigen = owned.pairs(Eigensolver.full(backend, objective.symmetric()));
    try (Matrix coordinates = backend.zeros(start.dtype(), start.rows(), start.cols())) {
      backend.gemm(NO, NO, 1, eigen.vectors(), start, 0, coordinates);
      this.flow = owned.flow(new DiagonalFlow(backend, eigen.values().toArray(), coordinates));
    }
    this.w = owned.matrix(backend.copyOf(start, start.dtype()));
  }

  @Override
  public double time() {
    return flow.time();
  }

  @Override
  public void advanceTo(double time) {
    flow.advanceTo(time);
    backend.gemm(YES, NO, 1, eigen.vectors(), flow.state(), 0, w);
  }

  @Override
  public Matrix frame() {
    return w;
  }

  @Override
  public double objective() {
    return objective.value(w);
  }

  @Override
  public void close() {
    owned.close();
  }
}
