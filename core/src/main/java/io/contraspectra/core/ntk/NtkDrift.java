package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;

/**
 * How far the kernel of a network has moved from where it was: {@code ‖Theta_t − Theta_0‖ / ‖Theta_0‖} in the Frobenius
 * norm of the full NK x NK kernel (ntk.md 3). Keeps the kernel at the start and one buffer; close it.
 */
public final class NtkDrift implements AutoCloseable {

  private final Network network;
  private final Matrix inputs;
  private final Matrix start;
  private final Matrix now;
  private final double startNorm;

  /**
   * Takes the kernel of {@code network} at its present parameters as the start.
   *
   * @param inputs N x d, kept by reference
   */
  public NtkDrift(Network network, Matrix inputs) {
    this.network = network;
    this.inputs = inputs;
    this.start = EmpiricalNtk.of(network).full(inputs);
    this.now = network.backend().zeros(network.dtype(), start.rows(), start.cols());
    this.startNorm = network.backend().norm(start);
  }

  /** The drift at the network's present parameters; positive infinity where the kernel is no longer finite. */
  public double relative() {
    EmpiricalNtk.of(network).full(inputs, now);
    double drift = network.backend().distance(now, start) / startNorm;
    return Double.isFinite(drift) ? drift : Double.POSITIVE_INFINITY;
  }

  /** The drift between two kernels that the caller holds. */
  public static double relative(Backend backend, Matrix before, Matrix after) {
    return backend.distance(after, before) / backend.norm(before);
  }

  @Override
  public void close() {
    now.close();
    start.close();
  }
}
