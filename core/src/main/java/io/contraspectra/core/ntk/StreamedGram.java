package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Products of a kernel with blocks of vectors: tile by tile the kernel is formed, multiplied and forgotten. A tile off
 * the diagonal of a symmetric kernel serves its rows and, transposed, its columns.
 *
 * <p>What the tiles contribute is added up in one order: to each block of products first what comes from above it, then
 * what comes from its own row of tiles, left to right. So products have the same bits for any budget and any number of
 * threads. Signals are held from one product to the next where the budget allows. One thread at a time; close it.
 */
final class StreamedGram implements KernelProduct {

  private final Network network;
  private final Backend backend;
  private final KernelKind kind;
  private final NtkTerms terms;
  private final StreamPlan plan;
  private final Progress progress;
  private final InputSignals rowSignals;
  private final @Nullable InputSignals colSignals;
  private final Workspace contributions;

  /**
   * Allocates what the plan says; nothing is computed yet.
   *
   * @param x N x d inputs of the rows
   * @param y N' x d inputs of the columns; the same object if the kernel is symmetric
   * @param vectors the most vectors of a block
   */
  StreamedGram(Network network, KernelKind kind, Matrix x, Matrix y, StreamPlan plan, long vectors, Progress progress) {
    this.network = network;
    this.backend = network.backend();
    this.kind = kind;
    this.terms = NtkTerms.all(network.architecture());
    this.plan = plan;
    this.progress = progress;
    this.rowSignals = new InputSignals(network, x, kind.needs(terms), plan.rows(), plan.rowCapacity());
    InputSignals ofColumns = null;
    try {
      ofColumns = plan.colBlocks() == 0 ? null
          : new InputSignals(network, y, kind.needs(terms), plan.cols(), plan.colCapacity());
      this.contributions = backend.workspace(plan.wave() * contributionBytes(network, kind, plan, vectors));
    } catch (RuntimeException | Error e) {
      rowSignals.close();
      if (ofColumns != null) {
        ofColumns.close();
      }
      throw e;
    }
    this.colSignals = ofColumns;
  }

  /** The plan for products with {@code vectors} vectors within a budget. */
  static StreamPlan plan(Network network, KernelKind kind, long n, long m, boolean symmetric, long vectors,
      long budget) {
    Architecture architecture = network.architecture();
    NtkTerms terms = NtkTerms.all(architecture);
    SampleBlocks rows = kind.blocks(architecture, n);
    SampleBlocks cols = kind.blocks(architecture, m);
    double tiles = symmetric ? rows.count() * (rows.count() + 1.0) / 2 : 1.0 * rows.count() * cols.count();
    long threads = Math.max(1, (long) Math.min(network.backend().concurrency(), tiles));
    var sizes = new StreamPlan.Sizes(
        samples -> InputSignals.bytes(network, kind.needs(terms), samples),
        samples -> samples == 0 ? 0 : InputSignals.bytes(network, kind.needs(terms), samples),
        network.backend().concurrency() * (InputSignals.scratchBytes(network, rows)
            + (symmetric ? 0 : InputSignals.scratchBytes(network, cols))),
        kind.tileBytes(network, rows.size(0), cols.size(0)),
        contributionBytes(network, kind, rows.size(0), symmetric ? cols.size(0) : 0, vectors));
    return StreamPlan.of(rows, cols, symmetric, sizes, threads, budget);
  }

  private static long contributionBytes(Network network, KernelKind kind, StreamPlan plan, long vectors) {
    return contributionBytes(
        network, kind, plan.rows().size(0), plan.symmetric() ? plan.cols().size(0) : 0, vectors);
  }

  private static long contributionBytes(Network network, KernelKind kind, long rows, long cols, long vectors) {
    long perSample = kind.rowsPerSample(network.architecture());
    return Workspace.bytes(network.dtype(), vectors, rows * perSample)
        + Workspace.bytes(network.dtype(), vectors, cols * perSample);
  }

  /** Flops of a product with so many vectors, without those of the signals. */
  static double productFlops(Network network, KernelKind kind, StreamPlan plan, long vectors) {
    double flops = 0;
    for (long row = 0; row < plan.rows().count(); row++) {
      long first = 0;
      if (plan.symmetric()) {
        flops += tileFlops(network, kind, plan, plan.tile(row, row), vectors);
        first = plan.cols().first(row) + plan.cols().size(row);
      }
      // All tiles off the diagonal together, as one.
      var rest = new TileGrid.Tile(
          plan.rows().first(row), plan.rows().size(row), first, plan.cols().samples() - first);
      flops += tileFlops(network, kind, plan, rest, vectors, plan.symmetric() ? 2 : 1);
    }
    return flops;
  }

  /** Flops of one tile and its products; off the diagonal of a symmetric kernel there are two. */
  private static double tileFlops(
      Network network, KernelKind kind, StreamPlan plan, TileGrid.Tile tile, long vectors) {
    boolean diagonal = tile.rowStart() == tile.colStart();
    return tileFlops(network, kind, plan, tile, vectors, plan.symmetric() && !diagonal ? 2 : 1);
  }

  private static double tileFlops(
      Network network, KernelKind kind, StreamPlan plan, TileGrid.Tile tile, long vectors, int uses) {
    Architecture architecture = network.architecture();
    double perSample = kind.rowsPerSample(architecture);
    return kind.tileFlops(architecture, NtkTerms.all(architecture), tile, plan.symmetric() && uses == 1)
        + 2.0 * uses * vectors * tile.rows() * tile.cols() * perSample * perSample;
  }

  /** Flops of all signals that one product computes when none are held before. */
  static double signalFlops(Network network, KernelKind kind, StreamPlan plan) {
    Architecture architecture = network.architecture();
    return plan.samplesLoaded() * InputSignals.flopsPerSample(architecture, kind.needs(NtkTerms.all(architecture)));
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    backend.fill(0, y);
    var done = new Meter(progress, productFlops(network, kind, plan, x.rows()));
    for (long first = 0; first < plan.rows().count(); first += plan.rowBlocks()) {
      long end = Math.min(plan.rows().count(), first + plan.rowBlocks());
      load(rowSignals, plan.rows(), first, end);
      long col = 0;
      if (plan.symmetric()) {
        waves(rowSignals, tiles(first, end, first, end), x, y, done);
        col = end;
      }
      while (colSignals != null && col < plan.cols().count()) {
        long colEnd = Math.min(plan.cols().count(), col + plan.colBlocks());
        load(colSignals, plan.cols(), col, colEnd);
        waves(colSignals, tiles(first, end, col, colEnd), x, y, done);
        col = colEnd;
      }
    }
  }

  private static void load(InputSignals signals, SampleBlocks blocks, long first, long end) {
    long start = blocks.first(first);
    long count = blocks.span(first, end);
    if (!signals.holds(0, start, count)) {
      signals.load(0, start, count);
    }
  }

  /** Tiles of some rows and columns of blocks, row by row; of a symmetric kernel those on and above the diagonal. */
  private List<TileGrid.Tile> tiles(long firstRow, long endRow, long firstCol, long endCol) {
    var tiles = new ArrayList<TileGrid.Tile>();
    for (long row = firstRow; row < endRow; row++) {
      for (long col = plan.symmetric() ? Math.max(row, firstCol) : firstCol; col < endCol; col++) {
        tiles.add(plan.tile(row, col));
      }
    }
    return tiles;
  }

  private void waves(InputSignals right, List<TileGrid.Tile> tiles, Matrix x, Matrix y, Meter done) {
    TiledGram gram = kind.gram(network, rowSignals, right, terms);
    for (int from = 0; from < tiles.size(); from += (int) plan.wave()) {
      wave(gram, tiles.subList(from, (int) Math.min(tiles.size(), from + plan.wave())), x, y, done);
    }
  }

  private void wave(TiledGram gram, List<TileGrid.Tile> tiles, Matrix x, Matrix y, Meter done) {
    contributions.reset();
    List<Contribution> waiting = tiles.stream().map(tile -> contribution(tile, x.rows())).toList();
    long bytes = kind.tileBytes(network, plan.rows().size(0), plan.cols().size(0));
    backend.tiles(tiles.size(), bytes, (index, workspace) -> {
      Contribution contribution = waiting.get((int) index);
      contribute(gram, contribution, x, workspace);
      done.add(tileFlops(network, kind, plan, contribution.tile(), x.rows()));
    });
    waiting.forEach(contribution -> addUp(contribution, y));
  }

  /**
   * What a tile adds to the products.
   *
   * @param toRows for the tile's rows
   * @param toCols for its columns; null where these are its rows, or the kernel is not symmetric
   */
  private record Contribution(TileGrid.Tile tile, Matrix toRows, @Nullable Matrix toCols) {}

  private Contribution contribution(TileGrid.Tile tile, long count) {
    boolean twice = plan.symmetric() && tile.rowStart() != tile.colStart();
    return new Contribution(tile, contributions.matrix(network.dtype(), count, tile.rows() * perSample()),
        twice ? contributions.matrix(network.dtype(), count, tile.cols() * perSample()) : null);
  }

  private void contribute(TiledGram gram, Contribution contribution, Matrix x, Workspace workspace) {
    TileGrid.Tile tile = contribution.tile();
    Matrix theta = workspace.matrix(network.dtype(), tile.rows() * perSample(), tile.cols() * perSample());
    gram.tile(tile, workspace, theta);
    backend.gemm(NO, YES, 1, part(x, tile.colStart(), tile.cols()), theta, 0, contribution.toRows());
    if (contribution.toCols() != null) {
      backend.gemm(NO, NO, 1, part(x, tile.rowStart(), tile.rows()), theta, 0, contribution.toCols());
    }
  }

  private void addUp(Contribution contribution, Matrix y) {
    TileGrid.Tile tile = contribution.tile();
    if (contribution.toCols() != null) {
      backend.add(1, contribution.toCols(), 1, part(y, tile.colStart(), tile.cols()));
    }
    backend.add(1, contribution.toRows(), 1, part(y, tile.rowStart(), tile.rows()));
  }

  /** Entries of all vectors that belong to some samples. */
  private Matrix part(Matrix block, long first, long samples) {
    return block.block(0, first * perSample(), block.rows(), samples * perSample());
  }

  private long perSample() {
    return kind.rowsPerSample(network.architecture());
  }

  @Override
  public void close() {
    contributions.close();
    if (colSignals != null) {
      colSignals.close();
    }
    rowSignals.close();
  }
}
