package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;
import java.util.List;

/**
 * Forms a kernel in a matrix within a memory budget. Every tile is the same function of its samples for any budget, so
 * the kernel has the same bits; where the signals of all samples do not fit, they are computed again for every group of
 * rows that they pass by.
 */
final class StoredGram {

  private final Network network;
  private final Backend backend;
  private final GramPlan plan;
  private final Meter done;

  /** A kernel to be formed. */
  StoredGram(Network network, GramPlan plan, Progress progress) {
    this.network = network;
    this.backend = network.backend();
    this.plan = plan;
    this.done = new Meter(progress, plan.tileFlops(network));
  }

  /**
   * Forms it.
   *
   * @param x inputs of the rows
   * @param y inputs of the columns; the same object if the kernel is symmetric
   * @param gram overwritten
   */
  void into(Matrix x, Matrix y, Matrix gram) {
    SignalNeeds needs = plan.kind().needs(plan.terms());
    if (x == y) {
      try (var signals = new InputSignals(network, x, needs, plan.rows(), plan.rowCapacity(), plan.colCapacity())) {
        into(signals, signals, 1, gram);
      }
    } else {
      try (var left = new InputSignals(network, x, needs, plan.rows(), plan.rowCapacity());
          var right = new InputSignals(network, y, needs, plan.cols(), plan.colCapacity())) {
        into(left, right, 0, gram);
      }
    }
  }

  private void into(InputSignals left, InputSignals right, int span, Matrix gram) {
    TiledGram tiles = plan.kind().gram(network, left, right, plan.terms());
    for (GramPlan.RowGroup rows : plan.groups()) {
      left.load(0, rows.first(), rows.count());
      for (GramPlan.ColumnGroup columns : rows.columns()) {
        if (columns.count() > 0 && !right.holds(span, columns.first(), columns.count())) {
          right.load(span, columns.first(), columns.count());
        }
        form(tiles, columns.tiles(), gram);
      }
    }
  }

  private void form(TiledGram gram, List<TileGrid.Tile> tiles, Matrix target) {
    long bytes = plan.tileBytes();
    // With a workspace for every thread all tiles can start at once; otherwise a few at a time.
    int step = plan.inFlight() < backend.concurrency() ? (int) plan.inFlight() : Math.max(1, tiles.size());
    for (int from = 0; from < tiles.size(); from += step) {
      List<TileGrid.Tile> wave = tiles.subList(from, Math.min(tiles.size(), from + step));
      backend.tiles(wave.size(), bytes, (index, workspace) -> {
        TileGrid.Tile tile = wave.get((int) index);
        gram.into(tile, workspace, target);
        done.add(plan.flops(network, tile));
      });
    }
  }
}
