package io.contraspectra.core.training;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Network;
import java.util.List;

/**
 * The networks that a run trains: one for all blocks of a batch, or one for each of two, as CLIP has them. All their
 * parameters are one vector. Close it; it closes no network that it was given.
 */
public final class Towers implements AutoCloseable {

  private final List<Network> networks;
  private final Matrix parameters;

  private Towers(List<Network> networks, Matrix parameters) {
    this.networks = networks;
    this.parameters = parameters;
  }

  /** One network for all blocks, trained in place. */
  public static Towers shared(Network network) {
    Matrix flat = network.parameters().flat();
    return new Towers(List.of(network), flat.block(0, 0, 1, flat.cols()));
  }

  /** As {@link #shared}, on a copy that lives and dies with the towers. */
  public static Towers alone(Network network) {
    Matrix flat = network.backend().copyOf(network.parameters().flat(), network.dtype());
    return new Towers(List.of(Network.over(network.architecture(), network.backend(), flat)), flat);
  }

  /**
   * A network for the first block and another one for the second, starting from copies of the given ones.
   *
   * @param first of K outputs
   * @param second of K outputs, too; its inputs may differ
   */
  public static Towers separate(Network first, Network second) {
    if (first.architecture().outputs() != second.architecture().outputs() || first.dtype() != second.dtype()) {
      throw new ShapeMismatch("two towers of widths " + first.architecture().widths() + " (" + first.dtype() + ") and "
          + second.architecture().widths() + " (" + second.dtype() + ") must have equal output widths and types");
    }
    Backend backend = first.backend();
    Matrix a = first.parameters().flat();
    Matrix b = second.parameters().flat();
    Matrix joint = backend.zeros(first.dtype(), 1, a.cols() + b.cols());
    try {
      backend.copy(a, joint.block(0, 0, 1, a.cols()));
      backend.copy(b, joint.block(0, a.cols(), 1, b.cols()));
      return new Towers(List.of(
          Network.over(first.architecture(), backend, joint.block(0, 0, 1, a.cols())),
          Network.over(second.architecture(), backend, joint.block(0, a.cols(), 1, b.cols()))), joint);
    } catch (RuntimeException | Error e) {
      joint.close();
      throw e;
    }
  }

  /** The one network, or both. */
  public List<Network> networks() {
    return networks;
  }

  /** The network of the first block. */
  public Network first() {
    return networks.getFirst();
  }

  /** All parameters as one vector, 1 x P. */
  public Matrix parameters() {
    return parameters;
  }

  /** Where a network's parameters begin in {@link #parameters()}. */
  long offset(int network) {
    return network == 0 ? 0 : first().parameters().flat().cols();
  }

  @Override
  public void close() {
    parameters.close();
  }
}
