package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Propagation;

/**
 * The derivatives of every output with respect to the pre-activations of a batch: {@code B^L = I} and
 * {@code B^(l-1) = s_l (B^l W^l) ∘ phi'(z^(l-1))}, with the factor phi' repeated over the outputs (ntk.md 2). Row
 * {@code n*K + k} of {@code B^l} belongs to output k at sample n.
 */
final class BackwardSignals implements AutoCloseable {

  private final Workspace workspace;
  private final Matrix[] signals;

  /** Computes all signals, NK x n_l each, from a batch that has run forward. */
  BackwardSignals(Network network, Propagation batch, long samples) {
    Architecture architecture = network.architecture();
    int outputs = architecture.outputs();
    int top = architecture.layers() - 1;
    this.workspace = network.backend().workspace(workspaceBytes(network, samples));
    this.signals = new Matrix[top];
    for (int layer = top; layer >= 1; layer--) {
      Matrix signal = workspace.matrix(network.dtype(), samples * outputs, architecture.width(layer));
      double scale = architecture.scale(layer + 1);
      Matrix above = network.parameters().weight(layer + 1);
      if (layer == top) {
        // B^L = I, so the product is the readout's weights themselves.
        network.backend().faceSplit(scale, batch.slope(layer), above, signal);
      } else {
        network.backend().gemm(NO, NO, scale, signals[layer], above, 0, signal);
        network.backend().multiplyRepeated(batch.slope(layer), signal, outputs);
      }
      signals[layer - 1] = signal;
    }
  }

  /** Bytes of the signals of N samples. */
  static long workspaceBytes(Network network, long samples) {
    Architecture architecture = network.architecture();
    long bytes = 0;
    for (int layer = 1; layer < architecture.layers(); layer++) {
      bytes += Workspace.bytes(network.dtype(), samples * architecture.outputs(), architecture.width(layer));
    }
    return bytes;
  }

  /** B^l for l = 1..L-1, NK x n_l. */
  Matrix signal(int layer) {
    return signals[layer - 1];
  }

  @Override
  public void close() {
    workspace.close();
  }
}
