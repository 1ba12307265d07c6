package io.contraspectra.core.backend.cpu;

/** Where the pair of two outputs stands among the pairs k &lt;= l, counted row by row. */
final class PairPositions {

  private final int outputs;
  private final int[] positions;

  PairPositions(int outputs) {
    this.outputs = outputs;
    this.positions = new int[outputs * outputs];
    int at = 0;
    for (int k = 0; k < outputs; k++) {
      for (int l = k; l < outputs; l++) {
        positions[k * outputs + l] = at;
        positions[l * outputs + k] = at++;
      }
    }
  }

  int of(int k, int l) {
    return positions[k * outputs + l];
  }
}
