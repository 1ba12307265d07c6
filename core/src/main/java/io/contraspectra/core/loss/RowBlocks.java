package io.contraspectra.core.loss;

/**
 * How the rows of an N x M part of a loss are cut into blocks, so that the part is never held as a whole. The cut is a
 * function of the shape alone, so results do not depend on the memory or the threads at hand.
 *
 * @param rows N
 * @param height rows of every block but the last, which may have fewer
 */
record RowBlocks(long rows, long height) {

  // A block stays in cache where its rows are short; long rows come at least so many at a time for the products' sake.
  private static final long ELEMENTS = 1 << 19;
  private static final long LEAST_ROWS = 128;

  /** The cut of N rows of M elements, into blocks of nearly the same height. */
  static RowBlocks of(long rows, long cols) {
    long most = Math.max(LEAST_ROWS, ELEMENTS / Math.max(1, cols));
    long blocks = Math.ceilDiv(Math.max(1, rows), most);
    return new RowBlocks(rows, Math.ceilDiv(rows, blocks));
  }

  /** What to do with one block. */
  @FunctionalInterface
  interface Task {
    void run(long first, long count);
  }

  /** Runs {@code task} for one block after the other. */
  void forEach(Task task) {
    for (long first = 0; first < rows; first += height) {
      task.run(first, Math.min(height, rows - first));
    }
  }
}
