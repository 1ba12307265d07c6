package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * {@link PairSums} for slopes that are 0 or 1: {@code Σ_m W_km W_lm} over the units m that are active at both samples,
 * from {@link MaskTables}. Additions only, one for five units, so it is not bound by the machine's multiply-adds.
 */
final class MaskedSums implements PairSums.Source {

  // Sums of 2048 pairs of samples stay in the second-level cache, and are enough to pay for the tables.
  private static final long PAIRS_AT_ONCE = 2048;

  private static final Scratch SUMS = new Scratch(0);

  private final MaskTables tables;
  private final UnitMasks left;
  private final UnitMasks right;
  private final HostMatrix weights;
  private final int units;
  private final int outputs;
  private final int cols;
  private final int stride;

  MaskedSums(MaskTables tables, UnitMasks left, UnitMasks right, Matrix w, int cols) {
    this.tables = tables;
    this.left = left;
    this.right = right;
    this.weights = HostMatrix.of(w);
    this.units = Math.toIntExact(w.cols());
    this.outputs = (int) w.rows();
    this.cols = cols;
    this.stride = Math.ceilDiv(PairSums.pairs(outputs), tables.stripLength()) * tables.stripLength();
  }

  @Override
  public long rowsAtOnce() {
    return Math.max(1, PAIRS_AT_ONCE / cols);
  }

  @Override
  public PairSums of(long row, long count) {
    long colStep = (long) stride * weights.elements().bytes();
    long rowStep = cols * colStep;
    MemorySegment sums = SUMS.get(count * rowStep).asSlice(0, count * rowStep);
    sums.fill((byte) 0);
    var terms = new double[UnitMasks.WORD_UNITS * stride];
    for (int word = 0; word < left.wordsPerRow(); word++) {
      pairProducts(word, terms);
      for (int from = 0; from < stride; from += tables.stripLength()) {
        tables.fill(terms, stride, from);
        long strip = (long) from * weights.elements().bytes();
        for (int i = 0; i < count; i++) {
          tables.add(left.word((int) row + i, word), right, word, cols, sums, i * rowStep + strip, colStep);
        }
      }
    }
    return new PairSums(sums, rowStep, colStep);
  }

  /** {@code W_km W_lm} for k &lt;= l, one unit m of a word after the other; 0 beyond the last unit. */
  private void pairProducts(int word, double[] terms) {
    var column = new double[outputs];
    for (int u = 0; u < UnitMasks.WORD_UNITS; u++) {
      int unit = word * UnitMasks.WORD_UNITS + u;
      for (int k = 0; k < outputs; k++) {
        column[k] = unit < units ? weights.get(k, unit) : 0;
      }
      int at = u * stride;
      for (int k = 0; k < outputs; k++) {
        for (int l = k; l < outputs; l++) {
          terms[at++] = column[k] * column[l];
        }
      }
    }
  }
}
