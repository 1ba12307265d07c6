package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.TileTask;
import io.contraspectra.core.matrix.HostMemory;
import io.contraspectra.core.matrix.Workspace;

/** One thread's share of a job's tiles, with the slab that serves them one after another. */
record TileShare(Slabs slabs, HostMemory slab, long bytes, TileTask task) implements Job.Part {

  @Override
  public void run(long tile) {
    task.run(tile, new Workspace(slab, bytes));
  }

  @Override
  public void close() {
    slabs.give(slab);
  }
}
