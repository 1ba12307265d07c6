package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * The flow by steps of size η. Its fixed point attracts exactly if {@code η(λ_1 − λ_d) < 2} for gradient steps
 * (grassmann.md 4). Allocates nothing after construction.
 */
public final class SteppedFlow implements GrassmannFlow {

  private static final long MOST_STEPS = 100_000_000;

  private final TraceObjective objective;
  private final Backend backend;
  private final FlowMethod method;
  private final double eta;
  private final Workspace workspace;
  private final Matrix w;
  private final Matrix gradient;
  private final Matrix second;
  private final Matrix r;
  private final @Nullable Retractor retractor;
  private double time;

  /**
   * Starts at time 0.
   *
   * @param objective kept by reference
   * @param start W(0), d x z with orthonormal columns; copied
   * @param method any but {@link FlowMethod#EXACT}
   * @param eta the step size, positive and finite
   */
  public SteppedFlow(TraceObjective objective, Matrix start, FlowMethod method, double eta) {
    if (method == FlowMethod.EXACT || !(eta > 0) || Double.isInfinite(eta)) {
      throw new InvalidArgument("flow by steps: method " + method.label() + " with step size eta = " + eta
          + "; give a method that steps, and a positive finite eta");
    }
    objective.requireFrame("W0", start);
    this.objective = objective;
    this.backend = objective.backend();
    this.method = method;
    this.eta = eta;
    var dtype = start.dtype();
    this.workspace = backend.workspace(
        3 * Workspace.bytes(dtype, start.rows(), start.cols()) + Workspace.bytes(dtype, start.cols(), start.cols()));
    this.w = workspace.matrix(dtype, start.rows(), start.cols());
    this.gradient = workspace.matrix(dtype, start.rows(), start.cols());
    this.second = workspace.matrix(dtype, start.rows(), start.cols());
    this.r = workspace.matrix(dtype, start.cols(), start.cols());
    this.retractor = method.retraction()
        .map(kind -> new Retractor(backend, kind, dtype, start.rows(), start.cols())).orElse(null);
    backend.copy(start, w);
  }

  /** One step; the time moves on by η. */
  public void step() {
    move();
    time += eta;
  }

  private void move() {
    objective.gradient(w, gradient);
    if (retractor != null) {
      retractor.stepAlong(w, gradient, -eta);
      return;
    }
    if (method == FlowMethod.SECOND_ORDER) {
      backend.gemm(NO, NO, 0.5 * eta * eta, objective.symmetric(), gradient, 0, second);
      backend.add(-1, second, 1, w);
    }
    backend.add(-eta, gradient, 1, w);
    backend.qr(w, r);
  }

  @Override
  public double time() {
    return time;
  }

  /** Takes {@code round((time − time())/η)} steps. */
  @Override
  public void advanceTo(double target) {
    FlowTimes.requireForward(time, target);
    double steps = Math.rint((target - time) / eta);
    if (steps > MOST_STEPS) {
      throw new InvalidArgument("flow by steps: from time " + time + " to " + target + " are " + steps
          + " steps of eta = " + eta + "; give a larger eta or the method exact");
    }
    for (long step = 0; step < steps; step++) {
      move();
    }
    time = target;
  }

  @Override
  public Matrix frame() {
    return w;
  }

  @Override
  public double objective() {
    objective.gradient(w, gradient);
    return 0.5 * backend.dot(w, gradient);
  }

  @Override
  public void close() {
    if (retractor != null) {
      retractor.close();
    }
    workspace.close();
  }
}
