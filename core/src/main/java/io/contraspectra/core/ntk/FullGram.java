package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Propagation;

/**
 * Forms the NK x NK kernel tile by tile: for a pair of sample blocks the forward Gram, the backward Gram and their
 * Hadamard product, while all three are in cache. Only tiles on and above the diagonal are formed; the rest is mirrored.
 */
final class FullGram {

  /** Rows of a tile's backward Gram: two tiles of 224 x 224 doubles and their operands' panels share a 1 MiB cache. */
  private static final int TILE_ROWS = 224;

  private final Network network;
  private final Backend backend;
  private final Propagation batch;
  private final BackwardSignals signals;
  private final NtkTerms terms;
  private final int outputs;

  FullGram(Network network, Propagation batch, BackwardSignals signals, NtkTerms terms) {
    this.network = network;
    this.backend = network.backend();
    this.batch = batch;
    this.signals = signals;
    this.terms = terms;
    this.outputs = network.architecture().outputs();
  }

  /** The tiles of N samples: a function of shapes alone, so that results do not depend on threads or memory. */
  static TriangularGrid grid(Architecture architecture, long samples) {
    return new TriangularGrid(samples, Math.max(1, TILE_ROWS / architecture.outputs()));
  }

  void into(Matrix gram) {
    TriangularGrid grid = grid(network.architecture(), gram.rows() / outputs);
    backend.tiles(grid.tiles(), workspaceBytes(grid.blockSize()), (index, workspace) -> {
      TriangularGrid.Tile tile = grid.tile(index);
      tile(tile, workspace, gram.block(
          tile.rowStart() * outputs, tile.colStart() * outputs, tile.rows() * outputs, tile.cols() * outputs));
    });
    backend.mirror(Triangle.UPPER, gram);
  }

  private long workspaceBytes(long block) {
    return Workspace.bytes(network.dtype(), block, block)
        + Workspace.bytes(network.dtype(), block * outputs, block * outputs);
  }

  private void tile(TriangularGrid.Tile tile, Workspace workspace, Matrix target) {
    Matrix forward = workspace.matrix(network.dtype(), tile.rows(), tile.cols());
    Matrix backward = workspace.matrix(network.dtype(), tile.rows() * outputs, tile.cols() * outputs);
    int top = network.architecture().layers();
    backend.fill(0, target);
    for (int layer = 1; layer <= top; layer++) {
      if (!terms.touches(layer)) {
        continue;
      }
      forwardGram(layer, tile, forward);
      if (layer == top) {
        backend.addKroneckerIdentity(forward, outputs, target);
      } else {
        backwardGram(signals.signal(layer), tile, backward);
        backend.addHadamard(forward, backward, outputs, target);
      }
    }
  }

  /** {@code s_l² A A'ᵀ + beta²} over the tile's samples. */
  private void forwardGram(int layer, TriangularGrid.Tile tile, Matrix forward) {
    Matrix a = batch.activation(layer - 1);
    backend.gemm(NO, YES, terms.weight(layer), a.rowRange(tile.rowStart(), tile.rows()),
        a.rowRange(tile.colStart(), tile.cols()), 0, forward);
    backend.shift(terms.bias(layer), forward);
  }

  private void backwardGram(Matrix signal, TriangularGrid.Tile tile, Matrix backward) {
    backend.gemm(NO, YES, 1, signal.rowRange(tile.rowStart() * outputs, tile.rows() * outputs),
        signal.rowRange(tile.colStart() * outputs, tile.cols() * outputs), 0, backward);
  }
}
