package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;

/**
 * The effective map {@code W = VᵀW2} of a two-layer linear network that is at least as wide as its input is long, V (h
 * x d) and W2 (h x z) orthonormal, each following its Grassmann flow. Whatever the width h it obeys the Riccati
 * equation {@code W' = AW(I − WᵀW) + (I − WWᵀ)AW = 2AW − AWWᵀW − WWᵀAW} (grassmann.md 5), solved here to a local error
 * of 1e-13.
 *
 * <p>One thread, one flow; close it.
 */
public final class WideTwoLayerFlow implements AutoCloseable {

  private static final double TOLERANCE = 1e-13;

  private final TraceObjective objective;
  private final Backend backend;
  private final Workspace workspace;
  private final Matrix ascent;
  private final Matrix gram;
  private final DormandPrince solver;

  /**
   * Starts at time 0.
   *
   * @param objective kept by reference; f64
   * @param start W(0), d x z, in general not orthonormal; copied
   */
  public WideTwoLayerFlow(TraceObjective objective, Matrix start) {
    if (start.rows() != objective.dimension() || start.cols() == 0) {
      throw new ShapeMismatch("wide two-layer flow: " + start.describe("W(0)") + " must have "
          + objective.dimension() + " rows, as C has, and at least one column");
    }
    this.objective = objective;
    this.backend = objective.backend();
    backend.requireFinite("wide two-layer flow: W(0)", start);
    this.workspace = backend.workspace(Workspace.bytes(start.dtype(), start.rows(), start.cols())
        + Workspace.bytes(start.dtype(), start.cols(), start.cols()));
    this.ascent = workspace.matrix(start.dtype(), start.rows(), start.cols());
    this.gram = workspace.matrix(start.dtype(), start.cols(), start.cols());
    this.solver = new DormandPrince(backend, this::derivative, start, TOLERANCE);
  }

  /**
   * Starts from the layers themselves.
   *
   * @param first V, h x d with orthonormal columns
   * @param second W2, h x z with orthonormal columns
   */
  public static WideTwoLayerFlow ofLayers(TraceObjective objective, Matrix first, Matrix second) {
    Backend backend = objective.backend();
    if (first.rows() != second.rows()) {
      throw new ShapeMismatch("wide two-layer flow: " + first.describe("V") + " and " + second.describe("W2")
          + " must have equal rows, the width");
    }
    Stiefel.requireFrame(backend, "V", first);
    Stiefel.requireFrame(backend, "W2", second);
    try (Matrix effective = backend.zeros(first.dtype(), first.cols(), second.cols())) {
      backend.gemm(YES, NO, 1, first, second, 0, effective);
      return new WideTwoLayerFlow(objective, effective);
    }
  }

  private void derivative(Matrix w, Matrix dw) {
    objective.gradient(w, ascent);
    backend.add(-2, ascent, 0, dw);
    backend.gemm(YES, NO, 1, w, w, 0, gram);
    backend.gemm(NO, NO, 1, ascent, gram, 1, dw);
    backend.gemm(YES, NO, 1, w, ascent, 0, gram);
    backend.gemm(NO, NO, 1, w, gram, 1, dw);
  }

  /** The time that was reached last. */
  public double time() {
    return solver.time();
  }

  /** Flows on to a finite time, not before {@link #time()}. */
  public void advanceTo(double time) {
    solver.advanceTo(time);
  }

  /** W at {@link #time()}, d x z; a view that later advances change. */
  public Matrix effective() {
    return solver.state();
  }

  @Override
  public void close() {
    solver.close();
    workspace.close();
  }
}
