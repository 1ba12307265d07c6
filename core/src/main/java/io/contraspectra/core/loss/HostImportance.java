package io.contraspectra.core.loss;

/** Importance that is worked out anchor by anchor on the host, from the values of the anchor's negatives alone. */
abstract class HostImportance extends Importance {

  /**
   * Replaces the values of one anchor's negatives, advantages or distances, by their importance.
   *
   * @return what the anchor adds to the loss, where {@link #lossFromRow}
   */
  abstract double weigh(double[] values);

  /** Whether {@link #weigh(double[])} gives the loss; it is {@code Σ_j alpha_ij u_ij} otherwise. */
  boolean lossFromRow() {
    return false;
  }

  @Override
  final void weigh(PairBlock block) {
    block.keep();
    int rows = Math.toIntExact(block.rows());
    int cols = Math.toIntExact(block.pairs().cols());
    // Ones where a pair counts.
    block.backend().fill(1, block.pairs());
    block.erase(block.pairs());
    double[] counts = block.pairs().toArray();
    double[] values = block.original().toArray();
    var losses = new double[rows];
    for (int i = 0; i < rows; i++) {
      losses[i] = weighRow(values, counts, i * cols, cols, (int) block.negatives().count(block.first() + i));
    }
    block.pairs().copyFrom(values);
    if (lossFromRow()) {
      block.losses().copyFrom(losses);
    } else if (ofDistances()) {
      block.gainsOfDistances();
    } else {
      block.gains();
    }
  }

  private double weighRow(double[] values, double[] counts, int from, int cols, int count) {
    var row = new double[count];
    int at = 0;
    for (int j = from; j < from + cols; j++) {
      if (counts[j] != 0) {
        row[at++] = values[j];
      }
    }
    double loss = weigh(row);
    at = 0;
    for (int j = from; j < from + cols; j++) {
      values[j] = counts[j] != 0 ? row[at++] : 0;
    }
    return loss;
  }
}
