package io.contraspectra.core.backend.cpu;

/**
 * {@code C_(iK+k),(jK+l) = F_ij Σ_m G_im H_jm W_km W_lm + beta C} by {@link StripProduct}: the rows of the group of
 * sample i are {@code g_i ∘ w_k ∘ w_l}, k &lt;= l, of which the units with a zero slope are skipped. Where all slopes
 * are 0 or 1 the rows are those of {@code W} alone, and the same for all samples.
 */
final class FaceSplitStrips implements StripProduct.Left {

  private static final int UNITS = 1024;
  private static final int COLS = 512;

  private final Strips strips;
  private final HostMatrix slopes;
  private final HostMatrix weights;
  private final int outputs;
  private final int pairs;
  private final int units;
  private final PairPositions positions;
  private boolean bits;
  private int terms;

  FaceSplitStrips(Strips strips, HostMatrix g, HostMatrix w, int outputs, int units) {
    this.strips = strips;
    this.slopes = g;
    this.weights = w;
    this.outputs = outputs;
    this.pairs = PairSums.pairs(outputs);
    this.units = units;
    this.positions = new PairPositions(outputs);
  }

  /** Writes or adds to the blocks of {@code samples} rows i by {@code cols} columns j. */
  void into(HostMatrix f, HostMatrix h, double beta, HostMatrix c, long samples, long cols) {
    bits = areBits(samples);
    var product = new StripProduct(strips, pairs, units);
    for (long col = 0; col < cols; col += COLS) {
      int n = (int) Math.min(COLS, cols - col);
      var right = new StripProduct.Right(h, false, col, n);
      long step = product.groupsAtOnce(n);
      for (long row = 0; row < samples; row += step) {
        int count = (int) Math.min(step, samples - row);
        product.run(this, right, row, count, UNITS);
        for (int i = 0; i < count; i++) {
          store(product, i, f, beta, c, row + i, col, n);
        }
      }
    }
  }

  private void store(
      StripProduct product, int group, HostMatrix f, double beta, HostMatrix c, long row, long col, int n) {
    strips.reserve(n, 0, 0);
    strips.load(f.segment(), f.at(row, col), 0, n);
    var rows = new int[outputs];
    int width = strips.width();
    for (int strip = 0; strip * width < n; strip++) {
      int first = strip * width;
      for (int k = 0; k < outputs; k++) {
        for (int l = 0; l < outputs; l++) {
          rows[l] = product.sums(group, strip, positions.of(k, l), n);
        }
        strips.storeBlocks(rows, first, beta, c.segment(), c.at(row * outputs + k, (col + first) * outputs),
            Math.min(width, n - first));
      }
    }
  }

  private boolean areBits(long samples) {
    strips.reserve(units, 0, 0);
    for (long i = 0; i < samples; i++) {
      strips.load(slopes.segment(), slopes.at(i, 0), 0, units);
      if (!strips.areBits(0, units)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int extra(int chunk) {
    return (outputs + StripProduct.padded(pairs)) * chunk;
  }

  /** Forms the rows {@code w_k ∘ w_l}, k &lt;= l. */
  @Override
  public void chunk(int unit, int n, int extraAt) {
    for (int k = 0; k < outputs; k++) {
      strips.load(weights.segment(), weights.at(k, unit), extraAt + k * n, n);
    }
    terms = extraAt + outputs * n;
    int to = terms;
    for (int k = 0; k < outputs; k++) {
      for (int l = k; l < outputs; l++) {
        strips.multiply(extraAt + k * n, extraAt + l * n, to, n);
        to += n;
      }
    }
  }

  @Override
  public boolean shared() {
    return bits;
  }

  @Override
  public int rows(long group, int unit, int n, int marks, int to) {
    strips.load(slopes.segment(), slopes.at(group, unit), marks, n);
    if (bits) {
      return terms;
    }
    for (int q = 0; q < pairs; q++) {
      strips.multiply(terms + q * n, marks, to + q * n, n);
    }
    return to;
  }
}
