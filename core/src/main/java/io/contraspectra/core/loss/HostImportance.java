package io.contraspectra.core.loss;

/** Importance that is worked out anchor by anchor on the host, from the values of the anchor's negatives alone. */
abstract class HostImportance extends Importance {

  /**
   * Replaces the values of one anchor's negatives, advantages or distances, by their importance.
   *
   * @param values the first {@code count} are meant
   * @param scratch as many numbers, for anything
   * @return what the anchor adds to the loss, where {@link #lossFromRow}
   */
  abstract double weigh(double[] values, int count, double[] scratch);

  /** Whether {@link #weigh(double[], int, double[])} gives the loss; it is {@code Σ_j alpha_ij u_ij} otherwise. */
  boolean lossFromRow() {
    return false;
  }

  @Override
  final void weigh(PairBlock block) {
    block.keep();
    HostPairs host = block.host();
    int rows = Math.toIntExact(block.rows());
    int cols = Math.toIntExact(block.pairs().cols());
    // Ones where a pair counts.
    block.backend().fill(1, block.pairs());
    block.erase(block.pairs());
    double[] counts = host.counts().of(block.pairs());
    double[] values = host.values().of(block.original());
    double[] losses = host.losses().array(rows);
    for (int i = 0; i < rows; i++) {
      losses[i] = weighRow(values, counts, i * cols, cols, host);
    }
    block.pairs().copyFromStart(values);
    if (lossFromRow()) {
      block.losses().copyFromStart(losses);
    } else if (ofDistances()) {
      block.gainsOfDistances();
    } else {
      block.gains();
    }
  }

  private double weighRow(double[] values, double[] counts, int from, int cols, HostPairs host) {
    double[] row = host.row().array(cols);
    int count = 0;
    for (int j = from; j < from + cols; j++) {
      if (counts[j] != 0) {
        row[count++] = values[j];
      }
    }
    double loss = weigh(row, count, host.scratch().array(cols));
    int at = 0;
    for (int j = from; j < from + cols; j++) {
      values[j] = counts[j] != 0 ? row[at++] : 0;
    }
    return loss;
  }
}
