package io.contraspectra.core.training;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.Retractor;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Network;
import java.util.Objects;

/** Moves the last layer's weights, K x M with orthonormal rows, along frames of M x K (ntk.md 3b). */
final class OrthogonalReadout implements AutoCloseable {

  private final Backend backend;
  private final Matrix weight;
  private final Matrix gradient;
  private final Matrix frame;
  private final Matrix slope;
  private final Retractor retractor;
  private final double stepSize;

  /**
   * Prepares the moves of a network's readout.
   *
   * @param gradient where the gradient of its weights stands, K x M
   */
  OrthogonalReadout(Network network, Constraints constraints, Matrix gradient) {
    this.backend = network.backend();
    int layers = network.architecture().layers();
    this.weight = network.parameters().weight(layers);
    this.stepSize = constraints.readoutStepSize();
    this.gradient = gradient;
    this.frame = backend.zeros(weight.dtype(), weight.cols(), weight.rows());
    this.slope = backend.zeros(weight.dtype(), weight.cols(), weight.rows());
    this.retractor = new Retractor(
        backend, Objects.requireNonNull(constraints.readout()), weight.dtype(), weight.cols(), weight.rows());
  }

  /** Refuses a network whose readout is not orthonormal. */
  static void requireFrame(Network network) {
    Matrix weight = network.parameters().weight(network.architecture().layers());
    if (weight.rows() > weight.cols()) {
      throw new ShapeMismatch("an orthonormal readout of widths " + network.architecture().widths() + ": "
          + weight.rows() + " outputs cannot be orthonormal over " + weight.cols() + " units; use a wider network");
    }
    try (Matrix frame = network.backend().zeros(weight.dtype(), weight.cols(), weight.rows())) {
      network.backend().transpose(weight, frame);
      Stiefel.requireFrame(network.backend(), "the readout's weights, transposed", frame);
    }
  }

  /** Keeps the gradient of this step. */
  void take() {
    backend.transpose(gradient, slope);
  }

  /** Moves the weights down the gradient that was kept; {@code factor} is the schedule's. */
  void move(double factor) {
    backend.transpose(weight, frame);
    retractor.stepAlong(frame, slope, -stepSize * factor);
    backend.transpose(frame, weight);
  }

  /** Steps that the retraction has counted. */
  long steps() {
    return retractor.steps();
  }

  void restore(long steps) {
    retractor.restore(steps);
  }

  @Override
  public void close() {
    retractor.close();
    slope.close();
    frame.close();
  }
}
