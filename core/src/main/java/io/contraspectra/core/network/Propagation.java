package io.contraspectra.core.network;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way through a network, forward and backward, in buffers allocated once: {@link #forward} and
 * {@link #gradient} allocate nothing. One thread, one propagation.
 */
public final class Propagation implements AutoCloseable {

  private final Network network;
  private final long samples;
  private final Workspace workspace;
  private final List<Matrix> activations = new ArrayList<>();
  private final List<Matrix> slopes = new ArrayList<>();
  private final List<Matrix> signals = new ArrayList<>();
  private final Matrix output;
  private @Nullable Matrix input;
  private boolean slopesReady;

  /**
   * Allocates the buffers of a batch: three matrices of N x n_l for each hidden layer, and the output.
   *
   * @param samples N, the number of rows of every batch
   */
  public Propagation(Network network, long samples) {
    this.network = network;
    this.samples = samples;
    this.workspace = network.backend().workspace(workspaceBytes(network, samples));
    for (int layer = 1; layer < architecture().layers(); layer++) {
      activations.add(buffer(layer));
      slopes.add(buffer(layer));
      signals.add(buffer(layer));
    }
    this.output = buffer(architecture().layers());
  }

  /** Bytes of the buffers of a batch of N samples. */
  public static long workspaceBytes(Network network, long samples) {
    var architecture = network.architecture();
    long bytes = 0;
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      int copies = layer < architecture.layers() ? 3 : 1;
      bytes += copies * Workspace.bytes(network.dtype(), samples, architecture.width(layer));
    }
    return bytes;
  }

  /**
   * Runs the batch forward.
   *
   * @param x N x d inputs, which must stay as they are until the last call that uses this batch
   * @return f, N x K: a view that the next call overwrites
   */
  public Matrix forward(Matrix x) {
    if (x.rows() != samples || x.cols() != architecture().inputs()) {
      throw new ShapeMismatch("forward: " + x.describe("X") + " must be " + samples + "x" + architecture().inputs()
          + ", the batch size by the input dimension of the network " + architecture().widths());
    }
    Matrix below = x;
    for (int layer = 1; layer < architecture().layers(); layer++) {
      // The slopes' buffer holds z^l until phi'(z^l) is asked for.
      preActivation(layer, below, slopes.get(layer - 1));
      below = activations.get(layer - 1);
      backend().map(architecture().activation().function(), slopes.get(layer - 1), below);
    }
    preActivation(architecture().layers(), below, output);
    input = x;
    slopesReady = false;
    return output;
  }

  private void preActivation(int layer, Matrix below, Matrix z) {
    backend().gemm(NO, YES, architecture().scale(layer), below, network.parameters().weight(layer), 0, z);
    if (architecture().biased()) {
      backend().addRow(architecture().biasScale(), network.parameters().bias(layer), z);
    }
  }

  /** f of the last {@link #forward}, N x K. */
  public Matrix output() {
    return output;
  }

  /** a^l of the last {@link #forward}, N x n_l, for l = 0..L-1; a^0 is the input. */
  public Matrix activation(int layer) {
    return layer == 0 ? Objects.requireNonNull(input, "call forward first") : activations.get(layer - 1);
  }

  /** phi'(z^l) of the last {@link #forward}, N x n_l, for l = 1..L-1. */
  public Matrix slope(int layer) {
    if (!slopesReady) {
      slopes.forEach(z -> backend().map(architecture().activation().derivative(), z, z));
      slopesReady = true;
    }
    return slopes.get(layer - 1);
  }

  /**
   * The vector-Jacobian product: the gradient of {@code Σ_nk D_nk f_k(x_n)} with respect to every parameter.
   *
   * @param cotangent D, N x K, usually the gradient of a loss with respect to the outputs
   * @param gradient overwritten with the result
   */
  public void gradient(Matrix cotangent, Parameters gradient) {
    Matrix signal = cotangent;
    for (int layer = architecture().layers(); layer >= 1; layer--) {
      double scale = architecture().scale(layer);
      backend().gemm(YES, NO, scale, signal, activation(layer - 1), 0, gradient.weight(layer));
      if (architecture().biased()) {
        backend().columnSums(architecture().biasScale(), signal, 0, gradient.bias(layer));
      }
      if (layer > 1) {
        Matrix below = signals.get(layer - 2);
        backend().gemm(NO, NO, scale, signal, network.parameters().weight(layer), 0, below);
        backend().multiply(slope(layer - 1), below, below);
        signal = below;
      }
    }
  }

  private Matrix buffer(int layer) {
    return workspace.matrix(network.dtype(), samples, architecture().width(layer));
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
