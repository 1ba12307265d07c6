package io.contraspectra.core.backend.cpu;

/**
 * Adds {@code F_ij} times the symmetric K x K block of {@link PairSums} of (i, j) to the block (i, j) of C. A piece of
 * a row of blocks is expanded, summed and stored while it is in the first-level cache.
 */
final class SymmetricBlocks {

  private static final int PIECE = 1024;
  private static final ThreadLocal<double[][]> LINES = ThreadLocal.withInitial(() -> new double[2][PIECE]);

  private final int outputs;
  private final int pairs;
  private final PairPositions positions;

  SymmetricBlocks(int outputs) {
    this.outputs = outputs;
    this.pairs = PairSums.pairs(outputs);
    this.positions = new PairPositions(outputs);
  }

  /** Adds the blocks of {@code count} rows i from {@code row} on, by {@code cols} columns j. */
  void add(HostMatrix f, PairSums sums, HostMatrix c, long row, long count, long cols) {
    int width = PIECE / outputs;
    var factors = new double[width];
    var blocks = new double[width * pairs];
    for (long i = 0; i < count; i++) {
      for (long col = 0; col < cols; col += width) {
        int n = (int) Math.min(width, cols - col);
        f.elements().load(f.segment(), f.at(row + i, col), factors, n);
        load(sums, c.elements(), i, col, n, factors, blocks);
        for (int k = 0; k < outputs; k++) {
          addLine(blocks, k, n, c, (row + i) * outputs + k, col * outputs);
        }
      }
    }
  }

  private void load(PairSums sums, Elements elements, long i, long col, int n, double[] factors, double[] blocks) {
    double[] run = new double[pairs];
    for (int j = 0; j < n; j++) {
      elements.load(sums.segment(), sums.at(i, col + j), run, pairs);
      for (int q = 0; q < pairs; q++) {
        blocks[j * pairs + q] = factors[j] * run[q];
      }
    }
  }

  private void addLine(double[] blocks, int k, int n, HostMatrix c, long row, long col) {
    double[] line = LINES.get()[0];
    double[] present = LINES.get()[1];
    for (int j = 0; j < n; j++) {
      for (int l = 0; l < outputs; l++) {
        line[j * outputs + l] = blocks[j * pairs + positions.of(k, l)];
      }
    }
    int length = n * outputs;
    c.elements().load(c.segment(), c.at(row, col), present, length);
    for (int at = 0; at < length; at++) {
      line[at] += present[at];
    }
    c.elements().store(line, c.segment(), c.at(row, col), length);
  }
}
