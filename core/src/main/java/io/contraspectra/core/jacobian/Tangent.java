package io.contraspectra.core.jacobian;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import io.contraspectra.core.network.Propagation;
import java.util.stream.IntStream;

/**
 * Forward-mode derivatives of a batch that has run forward, along a direction (G, g) of the parameters (ntk.md 2):
 * {@code dz^l = s_l (A^(l-1) G^lᵀ + dA^(l-1) W^lᵀ) + beta g^l} and {@code dA^l = phi'(z^l) ∘ dz^l}, with
 * {@code dA^0 = 0}.
 */
final class Tangent implements AutoCloseable {

  private final Network network;
  private final Propagation batch;
  private final Workspace workspace;
  private final Matrix[] changes;

  /** Allocates one matrix of N x n_l for each hidden layer. */
  Tangent(Network network, Propagation batch, long samples) {
    this.network = network;
    this.batch = batch;
    int hidden = architecture().layers() - 1;
    this.workspace = network.backend().workspace(bytes(network, samples));
    this.changes = new Matrix[hidden];
    for (int layer = 1; layer <= hidden; layer++) {
      changes[layer - 1] = workspace.matrix(network.dtype(), samples, architecture().width(layer));
    }
  }

  /** Bytes of the changes of N samples. */
  static long bytes(Network network, long samples) {
    Architecture architecture = network.architecture();
    return IntStream.range(1, architecture.layers())
        .mapToLong(layer -> Workspace.bytes(network.dtype(), samples, architecture.width(layer))).sum();
  }

  /**
   * The change of the outputs along a direction.
   *
   * @param output dz^L, N x K, overwritten
   */
  void along(Parameters direction, Matrix output) {
    for (int layer = 1; layer <= architecture().layers(); layer++) {
      boolean last = layer == architecture().layers();
      Matrix change = last ? output : changes[layer - 1];
      preActivation(layer, direction, change);
      if (!last) {
        backend().multiply(batch.slope(layer), change, change);
      }
    }
  }

  private void preActivation(int layer, Parameters direction, Matrix change) {
    double scale = architecture().scale(layer);
    backend().gemm(NO, YES, scale, batch.activation(layer - 1), direction.weight(layer), 0, change);
    if (layer > 1) {
      backend().gemm(NO, YES, scale, changes[layer - 2], network.parameters().weight(layer), 1, change);
    }
    if (architecture().biased()) {
      backend().addRow(architecture().biasScale(), direction.bias(layer), change);
    }
  }

  private Architecture architecture() {
    return network.architecture();
  }

  private Backend backend() {
    return network.backend();
  }

  @Override
  public void close() {
    workspace.close();
  }
}
