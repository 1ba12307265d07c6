package io.contraspectra.core.backend.cuda;

import io.contraspectra.core.backend.TileTask;
import io.contraspectra.core.backend.cpu.Job;
import io.contraspectra.core.matrix.Memory;
import io.contraspectra.core.matrix.Workspace;

/**
 * One thread's share of a job's tiles, in a lane of its own, with the slab that serves them one after another. A thread
 * that is inside a tile already goes on in its lane.
 */
final class TileLane implements Job.Part {

  private final Lanes lanes;
  private final Lane lane;
  private final boolean forked;
  private final Memory slab;
  private final TileTask task;

  TileLane(Lanes lanes, long workspaceBytes, TileTask task) {
    this.lanes = lanes;
    this.forked = !lanes.inside();
    this.lane = forked ? lanes.fork() : lanes.with(own -> own);
    this.task = task;
    try {
      this.slab = new DeviceMemory(lanes, lanes.take(lane, workspaceBytes), workspaceBytes);
    } catch (RuntimeException e) {
      close(lane);
      throw e;
    }
  }

  @Override
  public void run(long tile) {
    var workspace = new Workspace(slab);
    if (forked) {
      lanes.inside(lane, () -> task.run(tile, workspace));
    } else {
      task.run(tile, workspace);
    }
  }

  @Override
  public void close() {
    if (forked) {
      lanes.inside(lane, slab::close);
    } else {
      slab.close();
    }
    close(lane);
  }

  private void close(Lane used) {
    if (forked) {
      lanes.join(used);
    }
  }
}
