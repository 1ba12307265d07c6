package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Network;

/**
 * The kernel averaged over outputs, N x N': {@code (1/K) Σ_k Theta_kk} (ntk.md 2). Under the readout the average is a
 * Gram of weighted slopes, {@code Σ_m v_m G_im H_jm} with {@code v_m = s_L² Σ_k W_km² / K}: K times less work than the
 * full kernel. The signals hold the slopes times {@code sqrt(v_m)}.
 */
final class TraceGram extends TiledGram {

  private static final long TILE_ROWS = 192;
  private static final long TILE_COLS = 1024;

  private final double share;

  TraceGram(Network network, InputSignals left, InputSignals right, NtkTerms terms) {
    super(network, left, right, terms, grid(left.samples(), right.samples(), left == right), 1);
    this.share = 1.0 / architecture().outputs();
  }

  static TileGrid grid(long rows, long cols, boolean symmetric) {
    return new TileGrid(rows, cols, TILE_ROWS, TILE_COLS, symmetric);
  }

  /** Bytes of the backward Gram of a tile. */
  static long layerBytes(Network network, long rows, long cols) {
    return Workspace.bytes(network.dtype(), rows, cols);
  }

  @Override
  long layerBytes(long rows, long cols) {
    return layerBytes(network, rows, cols);
  }

  @Override
  void addLayer(int layer, TileGrid.Tile tile, Matrix forward, Workspace workspace, Matrix target) {
    if (layer == layers()) {
      backend.add(1, forward, 1, target);
      return;
    }
    Matrix backward = workspace.matrix(network.dtype(), tile.rows(), tile.cols());
    if (layer == layers() - 1) {
      backend.gemm(NO, YES, 1, left.slope(layer, tile.rowStart(), tile.rows()),
          right.slope(layer, tile.colStart(), tile.cols()), 0, backward);
    } else {
      backend.gemm(NO, YES, share, bySample(left.signal(layer, tile.rowStart(), tile.rows()), tile.rows()),
          bySample(right.signal(layer, tile.colStart(), tile.cols()), tile.cols()), 0, backward);
    }
    backend.addHadamard(forward, backward, 1, target);
  }

  /** The signals of all outputs side by side, one row a sample. */
  static Matrix bySample(Matrix signal, long samples) {
    return signal.reshape(samples, signal.size() / samples);
  }
}
