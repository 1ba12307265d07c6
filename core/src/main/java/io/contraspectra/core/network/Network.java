package io.contraspectra.core.network;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.random.RandomGenerator;

/**
 * A dense network on a backend. Owns its parameters; close it. Not thread-safe while parameters are written.
 */
public final class Network implements AutoCloseable {

  private final Backend backend;
  private final Parameters parameters;

  private Network(Backend backend, Parameters parameters) {
    this.backend = backend;
    this.parameters = parameters;
  }

  /** A network whose parameters are all 0, to be filled by the caller. */
  public static Network zeros(Architecture architecture, Backend backend, DType dtype) {
    return new Network(backend, new Parameters(architecture, backend.zeros(dtype, 1, architecture.parameters())));
  }

  /** A network at initialisation: every parameter drawn independently from N(0, 1), scales apart (ntk.md 1). */
  public static Network gaussian(
      Architecture architecture, Backend backend, DType dtype, RandomGenerator random) {
    Network network = zeros(architecture, backend, dtype);
    network.parameters.fillGaussian(random);
    return network;
  }

  /**
   * A network whose parameters lie in a vector that somebody else owns; closing it does nothing.
   *
   * @param flat 1 x P, kept by reference
   */
  public static Network over(Architecture architecture, Backend backend, Matrix flat) {
    return new Network(backend, new Parameters(architecture, flat.block(0, 0, flat.rows(), flat.cols())));
  }

  public Backend backend() {
    return backend;
  }

  public Architecture architecture() {
    return parameters.architecture();
  }

  public DType dtype() {
    return parameters.flat().dtype();
  }

  /** The parameters themselves, not a copy. */
  public Parameters parameters() {
    return parameters;
  }

  /** An independent copy, which the caller must close. */
  public Network copy() {
    return new Network(
        backend, new Parameters(architecture(), backend.copyOf(parameters.flat(), dtype())));
  }

  /**
   * f(x) for every row of X.
   *
   * @param x N x d inputs
   * @return N x K outputs, to be closed by the caller
   */
  public Matrix apply(Matrix x) {
    try (var propagation = new Propagation(this, x.rows())) {
      return backend.copyOf(propagation.forward(x), dtype());
    }
  }

  @Override
  public void close() {
    parameters.flat().close();
  }
}
