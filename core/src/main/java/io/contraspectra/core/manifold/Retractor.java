package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Moves frames of one shape by one {@link Retraction}, in buffers allocated once. One thread, one retractor; close it.
 *
 * <p>A frame in rows, such as the weight K x M of an orthogonal output layer, is transposed before and after.
 */
public final class Retractor implements AutoCloseable {

  /** The geodesic alone lets rounding add up, to 3e-14 in this many steps; then a QR factorisation sets it to 0. */
  private static final int GEODESIC_STEPS = 1000;

  private final Backend backend;
  private final Retraction kind;
  private final Workspace workspace;
  private final Matrix moved;
  private final Matrix direction;
  private final Matrix left;
  private final Matrix right;
  private final Matrix small;
  private final Matrix singular;
  private final Matrix factors;
  private long steps;

  /**
   * Prepares steps of frames d x z.
   *
   * @param d rows, at least z
   * @param z columns, at least 1
   */
  public Retractor(Backend backend, Retraction kind, DType dtype, long d, long z) {
    if (z < 1 || d < z) {
      throw new ShapeMismatch("retraction of frames " + d + "x" + z + ": a frame needs from 1 to d columns of d");
    }
    this.backend = backend;
    this.kind = kind;
    this.workspace = backend.workspace(3 * Workspace.bytes(dtype, d, z) + 2 * Workspace.bytes(dtype, z, z)
        + 2 * Workspace.bytes(dtype, 1, z));
    this.moved = workspace.matrix(dtype, d, z);
    this.direction = workspace.matrix(dtype, d, z);
    this.left = workspace.matrix(dtype, d, z);
    this.right = workspace.matrix(dtype, z, z);
    this.small = workspace.matrix(dtype, z, z);
    this.singular = workspace.matrix(dtype, 1, z);
    this.factors = workspace.matrix(dtype, 1, z);
  }

  /** Geodesic steps so far, which say when rounding is taken away next. */
  public long steps() {
    return steps;
  }

  /** Goes on as after so many {@link #steps()}. */
  public void restore(long steps) {
    this.steps = steps;
  }

  /**
   * A step of Riemannian ascent, {@code W ← R_W(η(I − WWᵀ)D)}; a negative η descends along the gradient D.
   *
   * @param w d x z, orthonormal columns; moved in place
   * @param euclidean D, d x z, not changed
   * @param eta the step size
   */
  public void stepAlong(Matrix w, Matrix euclidean, double eta) {
    backend.copy(euclidean, direction);
    Stiefel.removeSpan(backend, w, direction, small);
    step(w, direction, eta);
  }

  /**
   * {@code W ← R_W(ηH)}.
   *
   * @param w d x z, orthonormal columns; moved in place
   * @param horizontal H, d x z with {@code WᵀH = 0}, not changed
   * @param eta the step size
   */
  public void step(Matrix w, Matrix horizontal, double eta) {
    switch (kind) {
      case QR -> {
        backend.add(eta, horizontal, 1, w);
        backend.qr(w, small);
      }
      case POLAR -> polar(w, horizontal, eta);
      case GEODESIC -> geodesic(w, horizontal, eta);
    }
  }

  /** With {@code W + ηH = USVᵀ} the nearest frame is UVᵀ, which also takes away rounding of earlier steps. */
  private void polar(Matrix w, Matrix horizontal, double eta) {
    backend.copy(w, moved);
    backend.add(eta, horizontal, 1, moved);
    backend.svd(moved, left, singular, right);
    backend.gemm(NO, NO, 1, left, right, 0, w);
  }

  private void geodesic(Matrix w, Matrix horizontal, double eta) {
    backend.copy(horizontal, moved);
    backend.svd(moved, left, singular, right);
    double[] angles = singular.toArray();
    backend.gemm(NO, YES, 1, w, right, 0, moved);
    scale(moved, angles, s -> Math.cos(eta * s));
    scale(left, angles, s -> Math.sin(eta * s));
    backend.add(1, left, 1, moved);
    backend.gemm(NO, NO, 1, moved, right, 0, w);
    steps++;
    if (steps % GEODESIC_STEPS == 0) {
      backend.qr(w, small);
    }
  }

  private void scale(Matrix columns, double[] values, DoubleUnaryOperator function) {
    factors.copyFrom(Arrays.stream(values).map(function).toArray());
    backend.multiplyRow(factors, columns, columns);
  }

  @Override
  public void close() {
    workspace.close();
  }
}
