package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Network;

/**
 * The kernel averaged over outputs, N x N': {@code (1/K) Σ_k Theta_kk} (ntk.md 2). Under the readout the average is a
 * Gram of weighted slopes, {@code Σ_m v_m G_im H_jm} with {@code v_m = s_L² Σ_k W_km² / K}: K times less work than the
 * full kernel. The signals hold the slopes times {@code sqrt(v_m)}.
 */
final class TraceGram extends TiledGram {

  // Each product copies its operands: sides so long that this takes little beside the product itself, and stripes
  // enough for a few threads.
  private static final long LONGEST_SIDE = 1024;
  private static final long SHORTEST_SIDE = 128;
  private static final long STRIPES = 4;

  private final double share;

  TraceGram(Network network, InputSignals left, InputSignals right, NtkTerms terms) {
    super(network, KernelKind.TRACE, left, right, terms);
    this.share = 1.0 / architecture().outputs();
  }

  static TileGrid grid(long rows, long cols, boolean symmetric) {
    return new TileGrid(
        rows, cols, Math.clamp(Math.ceilDiv(rows, STRIPES), SHORTEST_SIDE, LONGEST_SIDE), LONGEST_SIDE, symmetric);
  }

  /** Bytes of a forward and a backward Gram of a tile. */
  static long scratchBytes(Network network, long rows, long cols) {
    return 2 * Workspace.bytes(network.dtype(), rows, cols);
  }

  // The readout comes first: its part of the kernel is a product alone, which can overwrite what is there.
  @Override
  void tile(TileGrid.Tile tile, Workspace workspace, Matrix target) {
    long square = onDiagonal(tile) ? tile.rows() : 0;
    if (touches(layers())) {
      forwardGram(layers(), 1, tile, square, target);
    } else {
      backend.fill(0, target);
    }
    for (int layer = 1; layer < layers(); layer++) {
      if (touches(layer)) {
        addHidden(layer, tile, square, workspace, target);
      }
    }
    if (square > 0) {
      backend.mirror(Triangle.UPPER, target.block(0, 0, square, square));
    }
  }

  private void addHidden(int layer, TileGrid.Tile tile, long square, Workspace workspace, Matrix target) {
    long mark = workspace.mark();
    Matrix forward = workspace.matrix(network.dtype(), tile.rows(), tile.cols());
    Matrix backward = workspace.matrix(network.dtype(), tile.rows(), tile.cols());
    forwardGram(layer, 1, tile, square, forward);
    if (layer == layers() - 1) {
      slopeGram(left.slope(layer, tile.rowStart(), tile.rows()),
          right.slope(layer, tile.colStart(), tile.cols()), square, backward);
    } else {
      product(share, bySample(left.signal(layer, tile.rowStart(), tile.rows()), tile.rows()),
          bySample(right.signal(layer, tile.colStart(), tile.cols()), tile.cols()), square, backward);
    }
    backend.addHadamard(forward, backward, 1, target);
    workspace.reset(mark);
  }

  /** The Gram of weighted slopes; those of a rectifier are masks times their weights. */
  private void slopeGram(Matrix a, Matrix b, long square, Matrix gram) {
    if (architecture().activation().derivative() != UnaryFunction.STEP) {
      product(1, a, b, square, gram);
      return;
    }
    if (square > 0) {
      backend.maskedSyrk(left.slopeWeights(), a, gram.block(0, 0, square, square));
    }
    if (gram.cols() > square) {
      long rest = gram.cols() - square;
      backend.maskedGemm(left.slopeWeights(), a, b.rowRange(square, rest), gram.block(0, square, gram.rows(), rest));
    }
  }

  /** The signals of all outputs side by side, one row a sample. */
  static Matrix bySample(Matrix signal, long samples) {
    return signal.reshape(samples, signal.size() / samples);
  }
}
