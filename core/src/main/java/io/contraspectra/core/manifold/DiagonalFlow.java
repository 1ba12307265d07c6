package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.Arrays;

/**
 * The flow {@code exp(tΛ)S0 (S0ᵀexp(2tΛ)S0)^(-1/2)} of a frame in the coordinates in which A is diagonal. In one shot
 * it would be lost once exp(t(λ_1 − λ_z)) meets the rounding; so it goes in substeps, {@code exp(τΛ)Q_k = Q_(k+1)R_k},
 * and keeps the product of the R, whose polar factor makes the frame that of the formula.
 *
 * <p>One thread, one flow; close it.
 */
final class DiagonalFlow implements AutoCloseable {

  /** Largest τ(λ_max − λ_min): exp of it is the condition number that one QR factorisation meets. */
  private static final double SPREAD = 4;

  private static final double MOST_SUBSTEPS = 10_000_000;

  private final Backend backend;
  private final double[] rates;
  private final double largest;
  private final double spread;
  private final Workspace workspace;
  private final Matrix q;
  private final Matrix state;
  private final Matrix r;
  private final Matrix growth;
  private final GradedProduct product;
  private double time;

  /**
   * Starts at time 0.
   *
   * @param rates the n eigenvalues of A
   * @param start S0, n x z with orthonormal columns; copied
   */
  DiagonalFlow(Backend backend, double[] rates, Matrix start) {
    this.backend = backend;
    this.rates = rates;
    this.largest = Arrays.stream(rates).max().orElseThrow();
    this.spread = largest - Arrays.stream(rates).min().orElseThrow();
    var dtype = start.dtype();
    long z = start.cols();
    this.workspace = backend.workspace(2 * Workspace.bytes(dtype, start.rows(), z) + Workspace.bytes(dtype, z, z)
        + Workspace.bytes(dtype, start.rows(), 1));
    this.q = workspace.matrix(dtype, start.rows(), z);
    this.state = workspace.matrix(dtype, start.rows(), z);
    this.r = workspace.matrix(dtype, z, z);
    this.growth = workspace.matrix(dtype, start.rows(), 1);
    this.product = new GradedProduct((int) z);
    backend.copy(start, q);
    backend.copy(start, state);
  }

  double time() {
    return time;
  }

  void advanceTo(double target) {
    FlowTimes.requireForward(time, target);
    double substeps = Math.ceil((target - time) * spread / SPREAD);
    if (substeps > MOST_SUBSTEPS) {
      throw new InvalidArgument("exact flow: time " + target + " times the spread of eigenvalues " + spread
          + " is out of reach; the flow has converged long before, give smaller times");
    }
    if (target == time) {
      return;
    }
    double tau = (target - time) / Math.max(1, substeps);
    // A common factor of all rows cancels; without it nothing overflows, whatever the sign of the eigenvalues.
    growth.copyFrom(Arrays.stream(rates).map(rate -> Math.exp(tau * (rate - largest))).toArray());
    for (long k = 0; k < Math.max(1, substeps); k++) {
      backend.multiplyColumn(growth, q, q);
      backend.qr(q, r);
      product.multiplyLeft(r.toArray());
    }
    time = target;
    r.copyFrom(product.polarFactor());
    backend.gemm(NO, NO, 1, q, r, 0, state);
  }

  /** S(t), n x z; a view that later advances change. */
  Matrix state() {
    return state;
  }

  @Override
  public void close() {
    workspace.close();
  }
}
