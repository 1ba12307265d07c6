package io.contraspectra.core.jacobian;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Propagation;

/**
 * Writes the Jacobian of a batch that has run forward. The columns of W^l hold the outer product
 * {@code s_l B^l_(nk) ⊗ a^(l-1)_n} of the backward signal and the activation below, those of b^l the signal
 * {@code beta B^l_(nk)}. Blocks of samples go through all layers at once: their signals stay in cache, and every entry
 * of the result is written once.
 */
final class OuterProducts {

  // Rows of a block: enough for products of the signals, few enough for these to stay in cache.
  private static final long BLOCK_ROWS = 64;
  // Blocks of a small batch, so that threads end at about the same time; fewer where blocks take products.
  private static final long BLOCKS = 64;
  private static final long BLOCKS_WITH_PRODUCTS = 16;

  private final Network network;
  private final Backend backend;
  private final Architecture architecture;
  private final Propagation batch;
  private final long samples;
  private final int outputs;

  OuterProducts(Network network, Propagation batch, long samples) {
    this.network = network;
    this.backend = network.backend();
    this.architecture = network.architecture();
    this.batch = batch;
    this.samples = samples;
    this.outputs = architecture.outputs();
  }

  /** Overwrites J, NK x P. */
  void into(Matrix jacobian) {
    long block = block(architecture, samples);
    if (architecture.layers() > 1) {
      // Slopes are computed when first asked for, which must not happen in several tiles.
      batch.slope(1);
    }
    backend.tiles(Math.ceilDiv(samples, block), blockBytes(network, samples), (index, workspace) -> {
      long first = index * block;
      block(first, Math.min(block, samples - first), workspace, jacobian);
    });
  }

  private static long block(Architecture architecture, long samples) {
    long blocks = architecture.layers() > 2 ? BLOCKS_WITH_PRODUCTS : BLOCKS;
    return Math.max(1, Math.min(BLOCK_ROWS / architecture.outputs(), samples / blocks));
  }

  /** Bytes that each thread takes for N samples: the signals of a block. */
  static long blockBytes(Network network, long samples) {
    Architecture architecture = network.architecture();
    long block = block(architecture, samples);
    long bytes = Workspace.bytes(network.dtype(), block, 1);
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      bytes += Workspace.bytes(network.dtype(), block * architecture.outputs(), architecture.width(layer));
    }
    return bytes;
  }

  private void block(long first, long count, Workspace workspace, Matrix jacobian) {
    Matrix rows = jacobian.rowRange(first * outputs, count * outputs);
    Matrix signal = readoutSignal(count, workspace);
    for (int layer = architecture.layers(); layer >= 1; layer--) {
      write(layer, signal, first, count, rows);
      if (layer > 1) {
        signal = below(layer, signal, batch.slope(layer - 1).rowRange(first, count), workspace);
      }
    }
  }

  /** B^L: the identity, once for every sample. */
  private Matrix readoutSignal(long count, Workspace workspace) {
    Matrix ones = workspace.matrix(network.dtype(), count, 1);
    Matrix signal = workspace.matrix(network.dtype(), count * outputs, outputs);
    backend.fill(1, ones);
    backend.fill(0, signal);
    backend.addKroneckerIdentity(ones, outputs, signal);
    return signal;
  }

  /** {@code B^(l-1) = s_l (B^l W^l) ∘ phi'(z^(l-1))}; under the readout the product is W^L itself. */
  private Matrix below(int layer, Matrix signal, Matrix slope, Workspace workspace) {
    Matrix weight = network.parameters().weight(layer);
    Matrix below = workspace.matrix(network.dtype(), signal.rows(), weight.cols());
    if (layer == architecture.layers()) {
      backend.faceSplit(architecture.scale(layer), slope, weight, below);
    } else {
      backend.gemm(NO, NO, architecture.scale(layer), signal, weight, 0, below);
      backend.multiplyRepeated(slope, below, outputs);
    }
    return below;
  }

  private void write(int layer, Matrix signal, long first, long count, Matrix rows) {
    Matrix activation = batch.activation(layer - 1).rowRange(first, count);
    backend.outerRows(architecture.scale(layer), signal, activation, outputs,
        rows.block(0, architecture.weightOffset(layer), rows.rows(), signal.cols() * activation.cols()));
    if (architecture.biased()) {
      backend.add(architecture.biasScale(), signal, 0,
          rows.block(0, architecture.biasOffset(layer), rows.rows(), signal.cols()));
    }
  }
}
