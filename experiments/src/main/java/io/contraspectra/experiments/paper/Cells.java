package io.contraspectra.experiments.paper;

import io.contraspectra.core.backend.Backend;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Runs independent pieces of an experiment, as many at once as the backend runs tiles. */
public final class Cells {

  private Cells() {}

  /**
   * Runs until all cells are done or the listener cancels. The longest cells should come first: those that finish last
   * are then short, and no thread waits long.
   *
   * @param stage what is run, in two or three words
   * @param work gives a cell's result; empty if it was cancelled on the way
   * @return the results of the cells that were finished
   */
  public static <C, R> Map<C, R> run(Backend backend, ProgressListener progress, String stage, List<C> cells,
      Function<? super C, Optional<R>> work) {
    Map<C, R> finished = new ConcurrentHashMap<>();
    progress.begin(stage, cells.size());
    backend.tiles(cells.size(), 0, (index, _) -> {
      if (!progress.isCancelled()) {
        C cell = cells.get((int) index);
        work.apply(cell).ifPresent(result -> finished.put(cell, result));
        progress.advance(1);
      }
    });
    return finished;
  }

  /**
   * The same, but cells that the listener's store has from an earlier run are not run again, and those that are
   * finished now are kept there.
   *
   * @param kept how they are kept
   */
  public static <C, R> Map<C, R> run(Backend backend, ProgressListener progress, String stage, List<C> cells,
      Kept<C, R> kept, Function<? super C, Optional<R>> work) {
    CellStore store = progress.store();
    Map<String, Measured.Sheet> found = store.find(cells.stream().map(kept.name()).toList());
    List<C> missing = cells.stream().filter(cell -> !found.containsKey(kept.name().apply(cell))).toList();
    Map<C, R> finished = run(backend, progress, stage, missing, cell -> {
      Optional<R> result = work.apply(cell);
      result.ifPresent(value -> store.keep(kept.name().apply(cell), kept.sheet().apply(value)));
      return result;
    });
    for (C cell : cells) {
      Measured.Sheet sheet = found.get(kept.name().apply(cell));
      if (sheet != null) {
        finished.put(cell, kept.result().apply(sheet));
      }
    }
    return finished;
  }
}
