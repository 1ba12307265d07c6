package io.contraspectra.experiments.paper;

/**
 * Who watches an experiment, and may stop it. Methods are called from any thread.
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
}
