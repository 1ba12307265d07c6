package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import java.util.function.IntFunction;

/** The kernel of all outputs, NK x N'K. */
final class FullGram extends TiledGram {

  // Rows enough for products to be efficient, columns enough for every row to be used often; for ten outputs 64 x 512
  // samples. Of few samples tiles are smaller, so that there is one for each thread.
  private static final long TILE_ROWS = 640;
  private static final long TILE_COLS = 5120;
  private static final long LEAST_TILE_ROWS = 32;
  private static final long TILES_IN_A_COLUMN = 8;

  // Samples that are multiplied at once on the diagonal: few, so that little is formed below it.
  private static final long DIAGONAL = 16;

  private final int outputs;

  FullGram(Network network, InputSignals left, InputSignals right, NtkTerms terms) {
    super(network, KernelKind.FULL, left, right, terms);
    this.outputs = network.architecture().outputs();
  }

  static TileGrid grid(Architecture architecture, long rows, long cols, boolean symmetric) {
    long most = Math.max(1, TILE_ROWS / architecture.outputs());
    long height = Math.min(most, Math.max(LEAST_TILE_ROWS, Math.ceilDiv(rows, TILES_IN_A_COLUMN)));
    return new TileGrid(rows, cols, height, Math.max(1, TILE_COLS / architecture.outputs()), symmetric);
  }

  /** Bytes of the forward Grams of a tile, and of a backward Gram, which only layers below the top two need. */
  static long scratchBytes(Network network, long rows, long cols) {
    int outputs = network.architecture().outputs();
    int layers = network.architecture().layers();
    long backward = layers > 2 ? Workspace.bytes(network.dtype(), rows * outputs, cols * outputs) : 0;
    return layers * Workspace.bytes(network.dtype(), rows, cols) + backward;
  }

  /** Pairs of samples that are not formed in a square of so many samples on the diagonal. */
  static double unformed(long rows) {
    double unformed = 0;
    for (long row = 0; row < rows; row += DIAGONAL) {
      unformed += (double) row * Math.min(DIAGONAL, rows - row);
    }
    return unformed;
  }

  @Override
  void tile(TileGrid.Tile tile, Workspace workspace, Matrix target) {
    long mark = workspace.mark();
    var forward = new Matrix[layers()];
    for (int layer = 1; layer <= layers(); layer++) {
      if (touches(layer)) {
        forward[layer - 1] = workspace.matrix(network.dtype(), tile.rows(), tile.cols());
        forwardGram(layer, underReadout(layer) ? readoutFactor() : 1, tile, 0, forward[layer - 1]);
      }
    }
    long square = onDiagonal(tile) ? tile.rows() : 0;
    for (long row = 0; row < square; row += DIAGONAL) {
      long rows = Math.min(DIAGONAL, square - row);
      part(tile, row, rows, row, square - row, forward, workspace, target);
      symmetrise(row, rows, square, target);
    }
    if (tile.cols() > square) {
      part(tile, 0, tile.rows(), square, tile.cols() - square, forward, workspace, target);
    }
    workspace.reset(mark);
  }

  private boolean underReadout(int layer) {
    return layer == layers() - 1;
  }

  /** s_L². */
  private double readoutFactor() {
    double scale = architecture().scale(layers());
    return scale * scale;
  }

  private void symmetrise(long row, long rows, long square, Matrix target) {
    backend.mirror(Triangle.UPPER, part(target, row, rows, row, rows));
    long rest = square - row - rows;
    backend.transpose(part(target, row, rows, row + rows, rest), part(target, row + rows, rest, row, rows));
  }

  /** Forms a part of a tile. */
  private void part(TileGrid.Tile tile, long row, long rows, long col, long cols, Matrix[] forward,
      Workspace workspace, Matrix target) {
    var samples = new TileGrid.Tile(tile.rowStart() + row, rows, tile.colStart() + col, cols);
    Matrix sum = part(target, row, rows, col, cols);
    top(samples, layer -> forward[layer - 1].block(row, col, rows, cols), sum);
    for (int layer = 1; layer < layers() - 1; layer++) {
      if (touches(layer)) {
        addHidden(layer, samples, forward[layer - 1].block(row, col, rows, cols), workspace, sum);
      }
    }
  }

  /** Writes what the readout and the layer under it give. */
  private void top(TileGrid.Tile samples, IntFunction<Matrix> forward, Matrix sum) {
    boolean readout = touches(layers());
    int under = layers() - 1;
    if (under < 1 || !touches(under)) {
      backend.fill(0, sum);
      if (readout) {
        backend.addKroneckerIdentity(forward.apply(layers()), outputs, sum);
      }
      return;
    }
    Matrix rows = left.slope(under, samples.rowStart(), samples.rows());
    Matrix cols = right.slope(under, samples.colStart(), samples.cols());
    if (readout) {
      backend.faceSplitGram(
          forward.apply(under), rows, cols, left.readoutWeights(), forward.apply(layers()), sum);
    } else {
      backend.faceSplitGram(forward.apply(under), rows, cols, left.readoutWeights(), sum);
    }
  }

  private void addHidden(int layer, TileGrid.Tile samples, Matrix forward, Workspace workspace, Matrix sum) {
    long mark = workspace.mark();
    Matrix backward = workspace.matrix(network.dtype(), sum.rows(), sum.cols());
    backend.groupedGemm(outputs, YES, 1, left.signal(layer, samples.rowStart(), samples.rows()),
        right.signal(layer, samples.colStart(), samples.cols()), 0, backward);
    backend.addHadamard(forward, backward, outputs, sum);
    workspace.reset(mark);
  }
}
