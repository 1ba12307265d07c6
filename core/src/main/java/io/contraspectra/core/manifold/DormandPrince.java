package io.contraspectra.core.manifold;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.matrix.Workspace;

/**
 * Solves {@code Y' = f(Y)} for a matrix Y by the embedded Runge–Kutta pair 5(4) of Dormand and Prince (1980), with
 * steps chosen so that the local error stays below a tolerance. For flows that have no closed form.
 *
 * <p>One thread, one solver; close it.
 */
public final class DormandPrince implements AutoCloseable {

  /** An autonomous right-hand side. */
  @FunctionalInterface
  public interface Derivative {

    /** {@code dY ← f(Y)}; both of the solver's shape, dY overwritten. */
    void evaluate(Matrix y, Matrix dy);
  }

  private static final int STAGES = 7;
  private static final long MOST_STEPS = 1_000_000;
  private static final double[][] A = {
      {},
      {1.0 / 5},
      {3.0 / 40, 9.0 / 40},
      {44.0 / 45, -56.0 / 15, 32.0 / 9},
      {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
      {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
      {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}};
  /** Fifth-order weights less fourth-order weights. */
  private static final double[] ERROR = {71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525,
      -1.0 / 40};

  private final Backend backend;
  private final Derivative derivative;
  private final double tolerance;
  private final Workspace workspace;
  private final Matrix y;
  private final Matrix stage;
  private final Matrix error;
  private final Matrix[] k = new Matrix[STAGES];
  private double time;
  private double step = Double.NaN;

  /**
   * Starts at time 0.
   *
   * @param start Y(0), copied
   * @param tolerance bound for the error of a step, relative to {@code max(1, ‖Y‖)}; positive
   */
  public DormandPrince(Backend backend, Derivative derivative, Matrix start, double tolerance) {
    if (!(tolerance > 0)) {
      throw new InvalidArgument("differential equation: tolerance " + tolerance + " must be positive");
    }
    this.backend = backend;
    this.derivative = derivative;
    this.tolerance = tolerance;
    this.workspace = backend.workspace((STAGES + 3) * Workspace.bytes(start.dtype(), start.rows(), start.cols()));
    this.y = like(start);
    this.stage = like(start);
    this.error = like(start);
    for (int i = 0; i < STAGES; i++) {
      k[i] = like(start);
    }
    backend.copy(start, y);
  }

  private Matrix like(Matrix start) {
    return workspace.matrix(start.dtype(), start.rows(), start.cols());
  }

  /** Y at {@link #time()}; a view that later advances change. */
  public Matrix state() {
    return y;
  }

  /** The time that was reached last. */
  public double time() {
    return time;
  }

  /**
   * Solves on.
   *
   * @param target finite, not before {@link #time()}
   * @throws NotConverged if the steps become too small or too many, as before a singularity
   */
  public void advanceTo(double target) {
    FlowTimes.requireForward(time, target);
    derivative.evaluate(y, k[0]);
    if (Double.isNaN(step)) {
      step = 0.01 * Math.max(1e-6, backend.norm(y)) / Math.max(1e-12, backend.norm(k[0]));
    }
    long steps = 0;
    while (time < target) {
      if (++steps > MOST_STEPS || !(step > 1e-14 * Math.max(1, time))) {
        throw new NotConverged("differential equation: no step from time " + time + " towards " + target
            + " meets the tolerance " + tolerance);
      }
      attempt(target);
    }
  }

  /** One step, kept if its error is small enough; chooses the size of the next. */
  private void attempt(double target) {
    boolean last = time + step >= target;
    double h = last ? target - time : step;
    for (int i = 1; i < STAGES; i++) {
      backend.copy(y, stage);
      addStages(h, A[i], stage);
      derivative.evaluate(stage, k[i]);
    }
    backend.fill(0, error);
    addStages(h, ERROR, error);
    double relative = backend.norm(error) / (tolerance * Math.max(1, backend.norm(y)));
    double factor = Math.clamp(0.9 * Math.pow(relative, -0.2), 0.2, 5);
    if (relative <= 1) {
      // The last stage is the new point, and its derivative the first stage of the next step.
      backend.copy(stage, y);
      backend.copy(k[STAGES - 1], k[0]);
      time = last ? target : time + h;
      step = last ? Math.max(step, h * factor) : h * factor;
    } else {
      step = Double.isNaN(relative) ? 0.1 * h : h * factor;
    }
  }

  private void addStages(double h, double[] weights, Matrix sum) {
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] != 0) {
        backend.add(h * weights[i], k[i], 1, sum);
      }
    }
  }

  @Override
  public void close() {
    workspace.close();
  }
}
