package io.contraspectra.experiments.paper.grassmann;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.Retraction;
import io.contraspectra.core.manifold.Retractor;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import io.contraspectra.core.network.Propagation;
import io.contraspectra.core.ntk.EmpiricalNtk;
import java.util.random.RandomGenerator;

/**
 * A network {@code f(x) = Vᵀtanh(Wx)} with V of size 1/√M, trained layer by layer at the speeds dt for W and dt/M for V
 * (grassmann.md 6b). In the NTK parameterisation {@code V = v/√M} both speeds are dt. Close it.
 */
final class Learner implements AutoCloseable {

  static final int OUTPUTS = 2;
  private static final double DT = 0.25;

  private final Backend backend;
  private final int width;
  private final Network network;
  private final Network start;
  private final Propagation batch;
  private final Matrix inputs;
  private final Matrix cotangent;
  private final Parameters gradient;
  private final boolean orthonormal;
  private final Retractor retractor;
  private final Matrix frame;
  private final Matrix frameGradient;

  /**
   * Draws a network.
   *
   * @param inputs rows are samples; kept by reference
   * @param orthonormal whether V is a frame and stays one, by QR steps on its manifold
   */
  Learner(Backend backend, int width, Matrix inputs, boolean orthonormal, RandomGenerator random) {
    this.backend = backend;
    this.width = width;
    this.inputs = inputs;
    this.orthonormal = orthonormal;
    var architecture = Architecture.ntk(Activation.TANH, (int) inputs.cols(), width, OUTPUTS);
    this.network = Network.gaussian(architecture, backend, DType.F64, random);
    this.frame = Stiefel.random(backend, DType.F64, width, OUTPUTS, random);
    this.frameGradient = backend.zeros(DType.F64, width, OUTPUTS);
    this.retractor = new Retractor(backend, Retraction.QR, DType.F64, width, OUTPUTS);
    if (orthonormal) {
      writeFrame();
    }
    this.start = network.copy();
    this.batch = new Propagation(network, inputs.rows());
    this.cotangent = backend.zeros(DType.F64, inputs.rows(), OUTPUTS);
    this.gradient = new Parameters(architecture, backend.zeros(DType.F64, 1, architecture.parameters()));
  }

  /** The outputs at the present parameters, N x 2; a view. */
  Matrix forward() {
    return batch.forward(inputs);
  }

  /** Where the caller puts dL/df of the last {@link #forward()} before a {@link #step()}. */
  Matrix cotangent() {
    return cotangent;
  }

  /** The hidden layer's outputs at the inputs of the last {@link #forward()}; the caller closes them. */
  Features features() {
    return Features.of(backend, backend.copyOf(batch.activation(1), DType.F64));
  }

  /** One step of both layers, their gradients taken at the same point. */
  void step() {
    batch.gradient(cotangent, gradient);
    backend.add(-DT, gradient.weight(1), 1, network.parameters().weight(1));
    if (orthonormal) {
      backend.transpose(gradient.weight(2), frameGradient);
      retractor.stepAlong(frame, frameGradient, -DT / Math.sqrt(width));
      writeFrame();
    } else {
      backend.add(-DT, gradient.weight(2), 1, network.parameters().weight(2));
    }
  }

  private void writeFrame() {
    Matrix readout = network.parameters().weight(2);
    backend.transpose(frame, readout);
    backend.scale(Math.sqrt(width), readout);
  }

  /** {@code ‖W − W(0)‖/‖W(0)‖} of the first layer. */
  double firstLayerChange() {
    return change(1);
  }

  /** The same of the readout; of a frame {@code projF/√(2z)}, which a rotation does not change. */
  double readoutChange() {
    if (!orthonormal) {
      return change(2);
    }
    try (Matrix before = backend.zeros(DType.F64, width, OUTPUTS)) {
      backend.transpose(start.parameters().weight(2), before);
      return Subspaces.compare(backend, frame, before).projectorDistance() / Math.sqrt(2.0 * OUTPUTS);
    }
  }

  private double change(int layer) {
    Matrix before = start.parameters().weight(layer);
    return backend.distance(network.parameters().weight(layer), before) / backend.norm(before);
  }

  /** The relative change of the trace kernel at the first {@code samples} inputs. */
  double kernelChange(long samples) {
    Matrix points = inputs.rowRange(0, samples);
    try (Matrix now = EmpiricalNtk.of(network).trace(points); Matrix before = EmpiricalNtk.of(start).trace(points)) {
      return backend.distance(now, before) / backend.norm(before);
    }
  }

  @Override
  public void close() {
    gradient.flat().close();
    cotangent.close();
    batch.close();
    start.close();
    retractor.close();
    frameGradient.close();
    frame.close();
    network.close();
  }
}
