package io.contraspectra.benchmarks;

import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The backward Gram under a readout for slopes that are 0 or 1, from tables ("four Russians"). For a sample i the units
 * that are active there are taken five at a time, and a table holds the sum of the products {@code w_k w_l} of every
 * subset of them; the bits of sample j at those units say which subset. One addition stands for ten multiply-adds.
 */
final class ActivityTables {

  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int STRIP = 4 * LANES;
  private static final int CODE_BITS = 5;
  private static final int CODE = (1 << CODE_BITS) - 1;
  private static final int TABLES = Math.ceilDiv(Long.SIZE, CODE_BITS);

  private final int cols;
  private final int outputs;
  private final int words;
  private final int stride;
  private final double[] terms;
  private final double[] sums;
  private final double[] tables = new double[TABLES * (STRIP << CODE_BITS)];

  ActivityTables(Matrix g, Matrix h, Matrix w) {
    this.cols = Math.toIntExact(h.rows());
    this.outputs = Math.toIntExact(w.rows());
    this.words = Math.ceilDiv(Math.toIntExact(w.cols()), Long.SIZE);
    this.stride = Math.ceilDiv(outputs * (outputs + 1) / 2, STRIP) * STRIP;
    this.terms = terms(w.toArray(), Math.toIntExact(w.cols()));
    this.sums = new double[Math.toIntExact(g.rows() * cols * stride)];
    long[] left = masks(g);
    long[] right = masks(h);
    for (int i = 0; i < g.rows(); i++) {
      for (int word = 0; word < words; word++) {
        for (int from = 0; from < stride; from += STRIP) {
          int count = fill(word, left[word * (int) g.rows() + i], from);
          add(left[word * (int) g.rows() + i], right, word * cols, count, i * cols * stride + from);
        }
      }
    }
  }

  /** The sum of samples i and j and outputs k &lt;= l. */
  double sum(long i, long j, long k, long l) {
    long pair = k * outputs - k * (k - 1) / 2 + l - k;
    return sums[(int) ((i * cols + j) * stride + pair)];
  }

  private double[] terms(double[] w, int units) {
    var products = new double[words * Long.SIZE * stride];
    for (int unit = 0; unit < units; unit++) {
      int at = unit * stride;
      for (int k = 0; k < outputs; k++) {
        for (int l = k; l < outputs; l++) {
          products[at++] = w[k * units + unit] * w[l * units + unit];
        }
      }
    }
    return products;
  }

  /** The bits of each sample, all samples' first words before all second words. */
  private long[] masks(Matrix x) {
    int units = Math.toIntExact(x.cols());
    var row = new double[units];
    var masks = new long[Math.toIntExact(words * x.rows())];
    for (int i = 0; i < x.rows(); i++) {
      System.arraycopy(x.rowRange(i, 1).toArray(), 0, row, 0, units);
      for (int unit = 0; unit < units; unit++) {
        masks[unit / Long.SIZE * (int) x.rows() + i] |= row[unit] == 0 ? 0 : 1L << unit;
      }
    }
    return masks;
  }

  // Entry 2^t + e of a table is its entry e, of the active units before the t-th, and that unit.
  private int fill(int word, long active, int from) {
    int count = 0;
    for (long rest = active; rest != 0; count++) {
      int table = count * (STRIP << CODE_BITS);
      Arrays.fill(tables, table, table + STRIP, 0);
      for (int t = 0; t < CODE_BITS && rest != 0; t++) {
        int term = (word * Long.SIZE + Long.numberOfTrailingZeros(rest)) * stride + from;
        int half = STRIP << t;
        for (int e = table; e < table + half; e += STRIP) {
          for (int q = 0; q < STRIP; q += LANES) {
            DoubleVector.fromArray(SPECIES, tables, e + q).add(DoubleVector.fromArray(SPECIES, terms, term + q))
                .intoArray(tables, e + half + q);
          }
        }
        rest &= rest - 1;
      }
    }
    return count;
  }

  private void add(long active, long[] right, int masks, int count, int to) {
    for (int j = 0; j < cols; j++) {
      long both = Long.compress(right[masks + j], active);
      int at = to + j * stride;
      var s0 = DoubleVector.fromArray(SPECIES, sums, at);
      var s1 = DoubleVector.fromArray(SPECIES, sums, at + LANES);
      var s2 = DoubleVector.fromArray(SPECIES, sums, at + 2 * LANES);
      var s3 = DoubleVector.fromArray(SPECIES, sums, at + 3 * LANES);
      for (int table = 0; table < count; table++) {
        int entry = ((table << CODE_BITS) + ((int) both & CODE)) * STRIP;
        s0 = s0.add(DoubleVector.fromArray(SPECIES, tables, entry));
        s1 = s1.add(DoubleVector.fromArray(SPECIES, tables, entry + LANES));
        s2 = s2.add(DoubleVector.fromArray(SPECIES, tables, entry + 2 * LANES));
        s3 = s3.add(DoubleVector.fromArray(SPECIES, tables, entry + 3 * LANES));
        both >>>= CODE_BITS;
      }
      s0.intoArray(sums, at);
      s1.intoArray(sums, at + LANES);
      s2.intoArray(sums, at + 2 * LANES);
      s3.intoArray(sums, at + 3 * LANES);
    }
  }
}
