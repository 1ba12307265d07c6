package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;

/**
 * Forms a kernel tile by tile: for a pair of sample blocks the forward Gram of each layer, and its Hadamard product
 * with the backward Gram, while both are in cache. Of a kernel of one set with itself only tiles on and above the
 * diagonal are formed; the rest is mirrored.
 */
abstract class TiledGram {

  final Network network;
  final Backend backend;
  final InputSignals left;
  final InputSignals right;
  private final NtkTerms terms;
  private final TileGrid grid;
  private final long rowsPerSample;

  /**
   * A kernel between two sets of inputs.
   *
   * @param left the samples of the rows
   * @param right the samples of the columns; the same object if the two sets are one
   * @param rowsPerSample rows and columns of the kernel for one pair of samples
   */
  TiledGram(Network network, InputSignals left, InputSignals right, NtkTerms terms, TileGrid grid, long rowsPerSample) {
    this.network = network;
    this.backend = network.backend();
    this.left = left;
    this.right = right;
    this.terms = terms;
    this.grid = grid;
    this.rowsPerSample = rowsPerSample;
  }

  /** {@code C += F ∘ (backward Gram)} for one layer and one tile; F is the tile's forward Gram of that layer. */
  abstract void addLayer(int layer, TileGrid.Tile tile, Matrix forward, Workspace workspace, Matrix target);

  /** Bytes that {@link #addLayer} takes from the workspace. */
  abstract long layerBytes(long rows, long cols);

  /** Overwrites the matrix with the kernel. */
  final void into(Matrix gram) {
    long bytes = tileBytes(Math.min(grid.rows(), grid.blockRows()), Math.min(grid.cols(), grid.blockCols()));
    backend.tiles(grid.tiles(), bytes, (index, workspace) -> {
      TileGrid.Tile tile = grid.tile(index);
      tile(tile, workspace, gram.block(tile.rowStart() * rowsPerSample, tile.colStart() * rowsPerSample,
          tile.rows() * rowsPerSample, tile.cols() * rowsPerSample));
    });
    if (grid.symmetric()) {
      backend.mirror(Triangle.UPPER, gram);
    }
  }

  /** Bytes that {@link #tile} takes from its workspace for up to so many samples. */
  final long tileBytes(long rows, long cols) {
    return Workspace.bytes(network.dtype(), rows, cols) + layerBytes(rows, cols);
  }

  /**
   * Forms one tile of the kernel.
   *
   * @param target the kernel of the tile's samples, overwritten
   */
  final void tile(TileGrid.Tile tile, Workspace workspace, Matrix target) {
    long mark = workspace.mark();
    backend.fill(0, target);
    for (int layer = 1; layer <= layers(); layer++) {
      if (terms.touches(layer)) {
        workspace.reset(mark);
        Matrix forward = workspace.matrix(network.dtype(), tile.rows(), tile.cols());
        forwardGram(layer, tile, forward);
        addLayer(layer, tile, forward, workspace, target);
      }
    }
  }

  /** {@code s_l² A A'ᵀ + beta²} over the tile's samples. */
  private void forwardGram(int layer, TileGrid.Tile tile, Matrix forward) {
    backend.gemm(NO, YES, terms.weight(layer), left.activation(layer - 1, tile.rowStart(), tile.rows()),
        right.activation(layer - 1, tile.colStart(), tile.cols()), 0, forward);
    if (terms.bias(layer) != 0) {
      backend.shift(terms.bias(layer), forward);
    }
  }

  final int layers() {
    return architecture().layers();
  }

  final Architecture architecture() {
    return network.architecture();
  }
}
