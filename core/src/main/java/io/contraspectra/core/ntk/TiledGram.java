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
  private final KernelKind kind;

  /**
   * A kernel between two sets of inputs.
   *
   * @param left the samples of the rows
   * @param right the samples of the columns; the same object if the two sets are one
   */
  TiledGram(Network network, KernelKind kind, InputSignals left, InputSignals right, NtkTerms terms) {
    this.network = network;
    this.backend = network.backend();
    this.left = left;
    this.right = right;
    this.terms = terms;
    this.kind = kind;
    this.grid = kind.grid(network.architecture(), left.samples(), right.samples(), left == right);
  }

  /**
   * Forms one tile of the kernel.
   *
   * @param workspace with room for what the {@link KernelKind} says that a tile takes
   * @param target the kernel of the tile's samples, overwritten
   */
  abstract void tile(TileGrid.Tile tile, Workspace workspace, Matrix target);

  /** Overwrites the matrix with the kernel. */
  final void into(Matrix gram) {
    long bytes = kind.scratchBytes(
        network, Math.min(grid.rows(), grid.blockRows()), Math.min(grid.cols(), grid.blockCols()));
    backend.tiles(grid.tiles(), bytes, (index, workspace) -> into(grid.tile(index), workspace, gram));
  }

  /** Writes one tile, and its mirror image if the kernel is symmetric, to its place in the kernel. */
  final void into(TileGrid.Tile tile, Workspace workspace, Matrix gram) {
    Matrix target = part(gram, tile.rowStart(), tile.rows(), tile.colStart(), tile.cols());
    if (isElsewhere(network, gram)) {
      sent(tile, workspace, target, gram);
      return;
    }
    tile(tile, workspace, target);
    if (grid.symmetric()) {
      mirror(tile, target, gram);
    }
  }

  /** Whether a kernel lies in memory that the backend does not compute in. */
  static boolean isElsewhere(Network network, Matrix gram) {
    return !gram.memory().space().equals(network.parameters().flat().memory().space());
  }

  // While one lane of a device sends its tile, the others form theirs.
  private void sent(TileGrid.Tile tile, Workspace workspace, Matrix target, Matrix gram) {
    Matrix formed = workspace.matrix(network.dtype(), target.rows(), target.cols());
    tile(tile, workspace, formed);
    formed.copyTo(target);
    if (grid.symmetric()) {
      long skip = onDiagonal(tile) ? tile.rows() : 0;
      Matrix right = part(formed, 0, tile.rows(), skip, tile.cols() - skip);
      Matrix turned = workspace.matrix(network.dtype(), right.cols(), right.rows());
      backend.transpose(right, turned);
      turned.copyTo(part(gram, tile.colStart() + skip, tile.cols() - skip, tile.rowStart(), tile.rows()));
    }
  }

  // Straight after the tile, which is still in cache. What lies on the diagonal block is symmetric already.
  private void mirror(TileGrid.Tile tile, Matrix target, Matrix gram) {
    long skip = onDiagonal(tile) ? tile.rows() : 0;
    backend.transpose(part(target, 0, tile.rows(), skip, tile.cols() - skip),
        part(gram, tile.colStart() + skip, tile.cols() - skip, tile.rowStart(), tile.rows()));
  }

  /** Whether a tile starts with the kernel of its rows with themselves, whose lower triangle is the upper's image. */
  final boolean onDiagonal(TileGrid.Tile tile) {
    return left == right && tile.rowStart() == tile.colStart() && tile.rows() <= tile.cols();
  }

  /** The kernel of some samples in a matrix of the kernel of more. */
  final Matrix part(Matrix gram, long row, long rows, long col, long cols) {
    long perSample = kind.rowsPerSample(architecture());
    return gram.block(row * perSample, col * perSample, rows * perSample, cols * perSample);
  }

  final boolean touches(int layer) {
    return terms.touches(layer);
  }

  /** {@code factor (s_l² A A'ᵀ + beta²)} over the tile's samples. */
  final void forwardGram(int layer, double factor, TileGrid.Tile tile, long square, Matrix forward) {
    product(factor * terms.weight(layer), left.activation(layer - 1, tile.rowStart(), tile.rows()),
        right.activation(layer - 1, tile.colStart(), tile.cols()), square, forward);
    if (terms.bias(layer) != 0) {
      backend.shift(factor * terms.bias(layer), forward);
    }
  }

  /**
   * {@code C = alpha A Bᵀ} for the rows and the columns of a tile.
   *
   * @param square columns that are the tile's rows: of these only the upper triangle is formed
   */
  final void product(double alpha, Matrix a, Matrix b, long square, Matrix c) {
    if (square > 0) {
      backend.syrk(Triangle.UPPER, NO, alpha, a, 0, c.block(0, 0, square, square));
    }
    if (c.cols() > square) {
      long rest = c.cols() - square;
      backend.gemm(NO, YES, alpha, a, b.rowRange(square, rest), 0, c.block(0, square, c.rows(), rest));
    }
  }

  final int layers() {
    return architecture().layers();
  }

  final Architecture architecture() {
    return network.architecture();
  }
}
