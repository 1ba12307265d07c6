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
 * A batch on its way through a network for training: what {@link Propagation} computes, in tiles whose grid depends on
 * shapes alone, so that the bits do not depend on the number of threads. Activations are applied to blocks that are
 * still in cache, and the signal of the first layer is never stored whole.
 *
 * <p>Allocates nothing after construction. One thread, one propagation; close it.
 */
public final class FusedPropagation implements AutoCloseable {

  private static final long ROWS = 512;
  private static final long FORWARD_BYTES = 1 << 14;
  private static final long BACKWARD_BYTES = 1 << 11;

  // A tile of twice the units shares one copy of the inputs, where enough tiles are left and its signals stay in cache.
  private static final long LEAST_DOUBLE_TILES = 4;
  private static final long MOST_SAMPLES_OF_DOUBLE_TILES = 4096;

  // Elements of a signal that are multiplied by slopes while they are in the second-level cache.
  private static final long SIGNAL_BYTES = 1 << 19;

  private final Network network;
  private final Architecture architecture;
  private final Backend backend;
  private final long samples;
  private final long forwardColumns;
  private final long columns;
  private final boolean keepsPreActivations;
  private final Workspace workspace;
  private final List<Matrix> activations = new ArrayList<>();
  private final List<Matrix> preActivations = new ArrayList<>();
  private final List<Matrix> signals = new ArrayList<>();
  private final Matrix output;
  private @Nullable Matrix input;

  /**
   * Allocates the buffers of a batch.
   *
   * @param samples N, the number of rows of every batch
   */
  public FusedPropagation(Network network, long samples) {
    this.network = network;
    this.architecture = network.architecture();
    this.backend = network.backend();
    this.samples = samples;
    this.forwardColumns = FORWARD_BYTES / network.dtype().bytes();
    this.columns = BACKWARD_BYTES / network.dtype().bytes();
    this.keepsPreActivations = keepsPreActivations(architecture);
    this.workspace = backend.workspace(workspaceBytes(network, samples));
    for (int layer = 1; layer < architecture.layers(); layer++) {
      activations.add(buffer(layer));
      preActivations.add(keepsPreActivations ? buffer(layer) : activations.getLast());
      // The lowest signal lives in the tiles.
      signals.add(layer > 1 ? buffer(layer) : workspace.matrix(network.dtype(), 0, 0));
    }
    this.output = buffer(architecture.layers());
  }

  /** Bytes of the buffers of a batch of N samples, those of tiles not counted. */
  public static long workspaceBytes(Network network, long samples) {
    Architecture architecture = network.architecture();
    long bytes = 0;
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      boolean hidden = layer < architecture.layers();
      int copies = 1 + (hidden && keepsPreActivations(architecture) ? 1 : 0) + (hidden && layer > 1 ? 1 : 0);
      bytes += copies * Workspace.bytes(network.dtype(), samples, architecture.width(layer));
    }
    return bytes;
  }

  // The sign of relu(z) is all that its derivative asks for.
  private static boolean keepsPreActivations(Architecture architecture) {
    return architecture.activation() != Activation.RELU;
  }

  private Matrix buffer(int layer) {
    return workspace.matrix(network.dtype(), samples, architecture.width(layer));
  }

  /**
   * Runs the batch forward.
   *
   * @param x N x d inputs, which must stay as they are until the last call that uses this batch
   * @return f, N x K: a view that the next call overwrites
   */
  public Matrix forward(Matrix x) {
    if (x.rows() != samples || x.cols() != architecture.inputs()) {
      throw new ShapeMismatch("forward: " + x.describe("X") + " must be " + samples + "x" + architecture.inputs()
          + ", the batch size by the input dimension of the network " + architecture.widths());
    }
    input = x;
    backend.tiles(Math.ceilDiv(samples, ROWS), 0, (tile, _) -> {
      long from = tile * ROWS;
      long count = Math.min(ROWS, samples - from);
      Matrix below = x.rowRange(from, count);
      for (int layer = 1; layer < architecture.layers(); layer++) {
        Matrix above = activations.get(layer - 1).rowRange(from, count);
        hidden(layer, below, preActivations.get(layer - 1).rowRange(from, count), above);
        below = above;
      }
      linear(architecture.layers(), below, 0, architecture.outputs(), output.rowRange(from, count));
    });
    return output;
  }

  /** Block by block, so that the activation finds what the product has just written. */
  private void hidden(int layer, Matrix below, Matrix z, Matrix above) {
    for (long from = 0; from < z.cols(); from += forwardColumns) {
      long count = Math.min(forwardColumns, z.cols() - from);
      Matrix block = z.block(0, from, z.rows(), count);
      linear(layer, below, from, count, block);
      backend.map(architecture.activation().function(), block, above.block(0, from, z.rows(), count));
    }
  }

  /** {@code z = s a Wᵀ + beta b} for {@code count} units from {@code from} on. */
  private void linear(int layer, Matrix below, long from, long count, Matrix z) {
    Parameters parameters = network.parameters();
    backend.gemm(NO, YES, architecture.scale(layer), below, parameters.weight(layer).rowRange(from, count), 0, z);
    if (architecture.biased()) {
      backend.addRow(architecture.biasScale(), parameters.bias(layer).block(0, from, 1, count), z);
    }
  }

  /** f of the last {@link #forward}, N x K. */
  public Matrix output() {
    return output;
  }

  /**
   * The vector-Jacobian product: the gradient of {@code Σ_nk D_nk f_k(x_n)} with respect to every parameter.
   *
   * @param cotangent D, N x K
   * @param gradient overwritten with the result
   */
  public void gradient(Matrix cotangent, Parameters gradient) {
    Matrix x = Objects.requireNonNull(input, "call forward first");
    int last = architecture.layers();
    if (architecture.biased()) {
      backend.columnSums(architecture.biasScale(), cotangent, 0, gradient.bias(last));
    }
    Matrix signal = cotangent;
    for (int layer = last; layer > 1; layer--) {
      backward(layer, signal, x, gradient);
      signal = signals.get(layer - 2);
    }
    if (last == 1) {
      Matrix weight = gradient.weight(1);
      backend.tiles(Math.ceilDiv(x.cols(), columns), 0, (tile, _) -> {
        long from = tile * columns;
        long count = Math.min(columns, x.cols() - from);
        backend.gemm(YES, NO, architecture.scale(1), cotangent, x.block(0, from, samples, count), 0,
            weight.block(0, from, weight.rows(), count));
      });
    }
  }

  /** From the signal of a layer: its weights' gradient, the signal below, and where that is the lowest its gradient. */
  private void backward(int layer, Matrix signal, Matrix x, Parameters gradient) {
    int below = layer - 1;
    long units = architecture.width(below);
    long width = backwardColumns(units);
    long bytes = below == 1 ? Workspace.bytes(network.dtype(), samples, width) : 0;
    long step = Math.max(1, SIGNAL_BYTES / (width * network.dtype().bytes()));
    backend.tiles(Math.ceilDiv(units, width), bytes, (tile, tileWorkspace) -> {
      long from = tile * width;
      long count = Math.min(width, units - from);
      Matrix down = below == 1 ? tileWorkspace.matrix(network.dtype(), samples, count)
          : signals.get(below - 1).block(0, from, samples, count);
      for (long row = 0; row < samples; row += step) {
        descend(layer, signal, row, Math.min(step, samples - row), from, down);
      }
      Matrix weight = gradient.weight(layer);
      Matrix activation = activations.get(below - 1).block(0, from, samples, count);
      backend.gemm(YES, NO, architecture.scale(layer), signal, activation, 0,
          weight.block(0, from, weight.rows(), count));
      if (below == 1) {
        backend.gemm(YES, NO, architecture.scale(1), down, x, 0, gradient.weight(1).rowRange(from, count));
      }
      if (architecture.biased()) {
        backend.columnSums(architecture.biasScale(), down, 0, gradient.bias(below).block(0, from, 1, count));
      }
    });
  }

  private long backwardColumns(long units) {
    boolean doubled = units >= 2 * LEAST_DOUBLE_TILES * columns && samples <= MOST_SAMPLES_OF_DOUBLE_TILES;
    return doubled ? 2 * columns : columns;
  }

  /** {@code (s D W) ∘ phi'(z)} for some rows and some units of the layer below. */
  private void descend(int layer, Matrix signal, long row, long rows, long from, Matrix down) {
    Matrix weight = network.parameters().weight(layer);
    Matrix part = down.rowRange(row, rows);
    backend.gemm(NO, NO, architecture.scale(layer), signal.rowRange(row, rows),
        weight.block(0, from, weight.rows(), part.cols()), 0, part);
    backend.multiplyMapped(architecture.activation().derivative(),
        preActivations.get(layer - 2).block(row, from, rows, part.cols()), part);
  }

  @Override
  public void close() {
    workspace.close();
  }
}
