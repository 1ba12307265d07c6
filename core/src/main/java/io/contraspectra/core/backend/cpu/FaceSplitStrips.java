package io.contraspectra.core.backend.cpu;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code C_(iK+k),(jK+l) = F_ij Σ_m G_im H_jm W_km W_lm + [k = l] E_ij} by {@link StripProduct}: the rows of the group
 * of sample i are {@code g_i ∘ w_k ∘ w_l}, k &lt;= l, of which the units with a zero slope are skipped. Where all slopes
 * are 0 or 1 the rows are those of {@code W} alone, and the same for all samples.
 */
final class FaceSplitStrips implements StripProduct.Left {

  private static final int UNITS = 2048;
  private static final int COLS = 512;

  private final Strips strips;
  private final HostMatrix slopes;
  private final HostMatrix weights;
  private final int outputs;
  private final int pairs;
  private final int units;
  private final int[][] rowsOf;
  private final int room;
  private boolean bits;
  private int factorsAt;
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
    this.room = Math.ceilDiv(COLS, strips.width()) * strips.width();
    this.rowsOf = new int[outputs][];
    for (int k = 0; k < outputs; k++) {
      int row = k;
      rowsOf[k] = strips.interleaving(IntStream.range(0, outputs).map(l -> positions.of(row, l)).toArray());
    }
  }

  /** Writes the blocks of {@code samples} rows i by {@code cols} columns j. */
  void into(HostMatrix f, HostMatrix h, @Nullable HostMatrix e, HostMatrix c, int samples, long cols) {
    bits = areBits(samples);
    var product = new StripProduct(strips, pairs, units, UNITS, bits);
    for (long col = 0; col < cols; col += COLS) {
      int n = (int) Math.min(COLS, cols - col);
      var right = new StripProduct.Right(h, false, col, n);
      long from = col;
      product.run(this, right, 0, samples, i -> store(product, i, f, e, c, from, n));
    }
  }

  private void store(
      StripProduct product, int row, HostMatrix f, @Nullable HostMatrix e, HostMatrix c, long col, int n) {
    int width = strips.width();
    strips.load(f.segment(), f.at(row, col), factorsAt, n);
    if (e != null) {
      strips.load(e.segment(), e.at(row, col), factorsAt + room, n);
    }
    for (int first = 0; first < n; first += width) {
      int sums = product.sums(row, first / width, 0, n);
      int count = Math.min(width, n - first);
      strips.scale(sums, pairs, factorsAt + first, count);
      for (int k = 0; k < outputs; k++) {
        strips.storeInterleaved(sums, rowsOf[k], e == null ? -1 : factorsAt + room + first, k, c.segment(),
            c.at((long) row * outputs + k, (col + first) * outputs), count);
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
    return 2 * room + (outputs + (bits ? StripProduct.padded(pairs) : outputs)) * chunk;
  }

  @Override
  public void chunk(int unit, int n, int extraAt) {
    factorsAt = extraAt;
    weightsAt = extraAt + 2 * room;
    scaledAt = weightsAt + outputs * n;
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
