package io.contraspectra.experiments.paper;

/**
 * Who watches an experiment, may stop it, and may keep what is finished. Methods are called from any thread.
 *
 * <p>An experiment is a grid of cells (width × seed × loss, say). It says how many there are, reports each one that it
 * finishes, and asks between cells whether it should go on; if not, it returns what it has.
 */
public interface ProgressListener {
  /** Watches nothing and never stops. */
  ProgressListener NONE = new ProgressListener() {};

  /**
   * A stage begins.
   *
   * @param stage what is about to run, in two or three words
   * @param cells how many cells it has
   */
  default void begin(String stage, long cells) {}

  /** Cells have been finished. */
  default void advance(long cells) {}

  /** Whether the experiment should stop before its next cell and return what is finished. */
  default boolean isCancelled() {
    return false;
  }

  /** Where finished cells are kept, and looked for before they are run; nowhere by default. */
  default CellStore store() {
    return CellStore.NONE;
  }

  /** This listener, with a place to keep finished cells. */
  default ProgressListener keepingIn(CellStore cells) {
    ProgressListener watcher = this;
    return new ProgressListener() {
      @Override
      public void begin(String stage, long count) {
        watcher.begin(stage, count);
      }

      @Override
      public void advance(long count) {
        watcher.advance(count);
      }

      @Override
      public boolean isCancelled() {
        return watcher.isCancelled();
      }

      @Override
      public CellStore store() {
        return cells;
      }
    };
  }
}
