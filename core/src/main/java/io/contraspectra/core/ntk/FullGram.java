package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;

/** The kernel of all outputs, NK x N'K. */
final class FullGram extends TiledGram {

  // Few rows, so that little is formed below the diagonal; many columns, since every product reads its rows for each of
  // them. For ten outputs 32 x 512 samples.
  private static final long TILE_ROWS = 320;
  private static final long TILE_COLS = 5120;

  private final int outputs;

  FullGram(Network network, InputSignals left, InputSignals right, NtkTerms terms) {
    super(network, left, right, terms, grid(network.architecture(), left.samples(), right.samples(), left == right),
        network.architecture().outputs());
    this.outputs = network.architecture().outputs();
  }

  static TileGrid grid(Architecture architecture, long rows, long cols, boolean symmetric) {
    int outputs = architecture.outputs();
    return new TileGrid(
        rows, cols, Math.max(1, TILE_ROWS / outputs), Math.max(1, TILE_COLS / outputs), symmetric);
  }

  /** Bytes of the backward Gram of a tile, which only layers below the one under the readout need. */
  static long layerBytes(Network network, long rows, long cols) {
    long outputs = network.architecture().outputs();
    return network.architecture().layers() > 2
        ? Workspace.bytes(network.dtype(), rows * outputs, cols * outputs) : 0;
  }

  @Override
  long layerBytes(long rows, long cols) {
    return layerBytes(network, rows, cols);
  }

  @Override
  void addLayer(int layer, TileGrid.Tile tile, Matrix forward, Workspace workspace, Matrix target) {
    if (layer == layers()) {
      backend.addKroneckerIdentity(forward, outputs, target);
    } else if (layer == layers() - 1) {
      double scale = architecture().scale(layers());
      backend.scale(scale * scale, forward);
      backend.faceSplitGram(forward, left.slope(tile.rowStart(), tile.rows()),
          right.slope(tile.colStart(), tile.cols()), left.readoutWeights(), 1, target);
    } else {
      Matrix backward = workspace.matrix(network.dtype(), target.rows(), target.cols());
      backend.gemm(NO, YES, 1, left.signal(layer, tile.rowStart(), tile.rows()),
          right.signal(layer, tile.colStart(), tile.cols()), 0, backward);
      backend.addHadamard(forward, backward, outputs, target);
    }
  }
}
