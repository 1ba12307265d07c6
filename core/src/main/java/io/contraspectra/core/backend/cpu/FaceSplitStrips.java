package io.contraspectra.core.backend.cpu;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code C_(iK+k),(jK+l) = F_ij Σ_m G_im H_jm W_km W_lm + [k = l] E_ij} by {@link StripProduct}: the rows of the group of
 * sample i are {@code g_i ∘ w_k ∘ w_l}, k &lt;= l, of which the units with a zero slope are skipped. Where all slopes
 * are 0 or 1 the rows are those of {@code W} alone, and the same for all samples.
 */
final class FaceSplitStrips implements StripProduct.Left {

  // Rows that all samples share are few enough for long chunks; rows of each sample would leave the second-level cache.
  private static final int SHARED_UNITS = 1024;
  private static final int UNITS = 512;
  private static final int COLS = 512;

  private final Strips strips;
  private final HostMatrix slopes;
  private final HostMatrix weights;
  private final int outputs;
  private final int pairs;
  private final int units;
  private final int[][] rowsOf;
  private boolean bits;
  private int weightsAt;
  private int scaledAt;

  FaceSplitStrips(Strips strips, HostMatrix g, HostMatrix w, int outputs, int units) {
    this.strips = strips;
    this.slopes = g;
    this.weights = w;
    this.outputs = outputs;
    this.pairs = PairSums.pairs(outputs);
    this.units = units;
    var positions = new PairPositions(outputs);
    this.rowsOf = new int[outputs][];
    for (int k = 0; k < outputs; k++) {
      int row = k;
      rowsOf[k] = strips.interleaving(IntStream.range(0, outputs).map(l -> positions.of(row, l)).toArray());
    }
  }

  /** Writes the blocks of {@code samples} rows i by {@code cols} columns j. */
  void into(HostMatrix f, HostMatrix h, @Nullable HostMatrix e, HostMatrix c, long samples, long cols) {
    bits = areBits(samples);
    var product = new StripProduct(strips, pairs, units, bits ? SHARED_UNITS : UNITS, bits);
    for (long col = 0; col < cols; col += COLS) {
      int n = (int) Math.min(COLS, cols - col);
      var right = new StripProduct.Right(h, false, col, n);
      long step = product.groupsAtOnce(n);
      for (long row = 0; row < samples; row += step) {
        int count = (int) Math.min(step, samples - row);
        product.run(this, right, row, count);
        for (int i = 0; i < count; i++) {
          store(product, i, f, e, c, row + i, col, n);
        }
      }
    }
  }

  private void store(StripProduct product, int group, HostMatrix f, @Nullable HostMatrix e, HostMatrix c, long row,
      long col, int n) {
    int width = strips.width();
    int room = Math.ceilDiv(n, width) * width;
    strips.reserve(2 * room, 0, 0);
    strips.load(f.segment(), f.at(row, col), 0, n);
    if (e != null) {
      strips.load(e.segment(), e.at(row, col), room, n);
    }
    for (int first = 0; first < n; first += width) {
      int sums = product.sums(group, first / width, 0, n);
      int count = Math.min(width, n - first);
      strips.scale(sums, pairs, first, count);
      for (int k = 0; k < outputs; k++) {
        strips.storeInterleaved(sums, rowsOf[k], e == null ? -1 : room + first, k, c.segment(),
            c.at(row * outputs + k, (col + first) * outputs), count);
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
    return (outputs + (bits ? StripProduct.padded(pairs) : outputs)) * chunk;
  }

  @Override
  public void chunk(int unit, int n, int extraAt) {
    weightsAt = extraAt;
    scaledAt = extraAt + outputs * n;
    for (int k = 0; k < outputs; k++) {
      strips.load(weights.segment(), weights.at(k, unit), weightsAt + k * n, n);
    }
    if (bits) {
      pairs(weightsAt, n, scaledAt);
    }
  }

  /** The products of the rows from {@code first} on with those of W, k &lt;= l. */
  private void pairs(int first, int n, int to) {
    int at = to;
    for (int k = 0; k < outputs; k++) {
      for (int l = k; l < outputs; l++) {
        strips.multiply(first + k * n, weightsAt + l * n, at, n);
        at += n;
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
      return scaledAt;
    }
    for (int k = 0; k < outputs; k++) {
      strips.multiply(weightsAt + k * n, marks, scaledAt + k * n, n);
    }
    pairs(scaledAt, n, to);
    return to;
  }
}
