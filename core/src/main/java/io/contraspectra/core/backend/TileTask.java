package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Workspace;

/** One tile's work: a pure function of the tile's index and of inputs that no tile writes. */
@FunctionalInterface
public interface TileTask {

  /**
   * Computes one tile.
   *
   * @param tile index of the tile
   * @param workspace scratch memory of this task, empty at the start
   */
  void run(long tile, Workspace workspace);
}
