package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Propagation;

/**
 * What a kernel needs of one set of inputs: the activations a^l and slopes phi'(z^l) of every layer, and the backward
 * signals {@code B^l}, the derivatives of all outputs with respect to z^l (ntk.md 2): {@code B^L = I} and
 * {@code B^(l-1) = s_l (B^l W^l) ∘ phi'(z^(l-1))}, with the factor phi' repeated over the outputs.
 *
 * <p>{@code B^(L-1)} is the face-splitting product of slopes and readout; its Gram needs no more than these two, so it
 * is formed only on the way down, for a block of samples at a time.
 */
final class InputSignals implements AutoCloseable {

  /** Rows of the blocks of B^(L-1): enough for gemm to be efficient. */
  private static final long BLOCK_ROWS = 320;

  private final Network network;
  private final Propagation batch;
  private final Workspace workspace;
  private final Matrix[] signals;
  private final long samples;

  /**
   * Runs the inputs forward, and backward as far as the terms need it.
   *
   * @param x N x d inputs
   */
  InputSignals(Network network, Matrix x, NtkTerms terms) {
    this.network = network;
    this.samples = x.rows();
    int lowest = Math.max(1, terms.lowestLayer());
    int top = architecture().layers() - 2;
    this.signals = new Matrix[Math.max(0, top)];
    this.batch = new Propagation(network, samples);
    this.workspace = backend().workspace(signalBytes(network, samples, lowest));
    for (int layer = lowest; layer <= top; layer++) {
      signals[layer - 1] = workspace.matrix(network.dtype(), samples * outputs(), architecture().width(layer));
    }
    forward(x);
    if (lowest <= top) {
      backward(lowest);
    }
  }

  private void forward(Matrix x) {
    try {
      batch.forward(x);
      if (architecture().layers() > 1) {
        batch.slope(1);
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void backward(int lowest) {
    long block = Math.max(1, BLOCK_ROWS / outputs());
    int readout = architecture().layers();
    long bytes = Workspace.bytes(network.dtype(), block * outputs(), architecture().width(readout - 1));
    backend().tiles(Math.ceilDiv(samples, block), bytes, (index, scratch) -> {
      long first = index * block;
      long count = Math.min(block, samples - first);
      Matrix above = scratch.matrix(network.dtype(), count * outputs(), architecture().width(readout - 1));
      backend().faceSplit(architecture().scale(readout), slope(readout - 1, first, count), readoutWeights(), above);
      for (int layer = readout - 2; layer >= lowest; layer--) {
        Matrix signal = signal(layer, first, count);
        Matrix weights = network.parameters().weight(layer + 1);
        backend().gemm(NO, NO, architecture().scale(layer + 1), above, weights, 0, signal);
        backend().multiplyRepeated(slope(layer, first, count), signal, outputs());
        above = signal;
      }
    });
  }

  /** Bytes of the signals of N samples down to B^lowest. */
  private static long signalBytes(Network network, long samples, int lowest) {
    Architecture architecture = network.architecture();
    long bytes = 0;
    for (int layer = lowest; layer <= architecture.layers() - 2; layer++) {
      bytes += Workspace.bytes(network.dtype(), samples * architecture.outputs(), architecture.width(layer));
    }
    return bytes;
  }

  /** Bytes that N samples take with the signals of all layers. */
  static long bytes(Network network, long samples) {
    return Propagation.workspaceBytes(network, samples) + signalBytes(network, samples, 1);
  }

  /** N. */
  long samples() {
    return samples;
  }

  /** a^l of some samples, count x n_l, for l = 0..L-1. */
  Matrix activation(int layer, long first, long count) {
    return batch.activation(layer).rowRange(first, count);
  }

  /** phi'(z^l) of some samples, count x n_l, for l = 1..L-1. */
  Matrix slope(int layer, long first, long count) {
    return batch.slope(layer).rowRange(first, count);
  }

  /** B^l of some samples, row {@code n*K + k} for output k at sample n, for l = 1..L-2. */
  Matrix signal(int layer, long first, long count) {
    return signals[layer - 1].rowRange(first * outputs(), count * outputs());
  }

  /** W^L, K x n_(L-1). */
  Matrix readoutWeights() {
    return network.parameters().weight(architecture().layers());
  }

  private int outputs() {
    return architecture().outputs();
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
    batch.close();
  }
}
