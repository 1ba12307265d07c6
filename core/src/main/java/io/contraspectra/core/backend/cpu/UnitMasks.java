package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;
import java.util.Optional;

/**
 * Rows of zeros and ones as bits. A word holds {@link #WORD_UNITS} units, {@link #CODE_BITS} in each of its
 * {@link #CODES} bytes: unit {@code CODES * t + b} of a word is bit t of its byte b. Units beyond the last are 0.
 */
final class UnitMasks {

  /** Units in a byte: tables of 32 entries for each byte of a word stay in cache. */
  static final int CODE_BITS = 5;
  /** Bytes in a word. */
  static final int CODES = Long.BYTES;
  /** Units in a word. */
  static final int WORD_UNITS = CODE_BITS * CODES;

  private static final long LOWEST_BITS = 0x0101010101010101L;

  private final long[] words;
  private final int wordsPerRow;

  private UnitMasks(long[] words, int wordsPerRow) {
    this.words = words;
    this.wordsPerRow = wordsPerRow;
  }

  /** The masks of a matrix, or nothing if it has an entry that is neither 0 nor 1. */
  static Optional<UnitMasks> of(Matrix x) {
    HostMatrix from = HostMatrix.of(x);
    int wordsPerRow = Math.toIntExact(Math.ceilDiv(x.cols(), WORD_UNITS));
    var words = new long[Math.toIntExact(x.rows() * wordsPerRow)];
    var units = new double[WORD_UNITS];
    for (int row = 0; row < x.rows(); row++) {
      for (int word = 0; word < wordsPerRow; word++) {
        int first = word * WORD_UNITS;
        int n = (int) Math.min(WORD_UNITS, x.cols() - first);
        from.elements().load(from.segment(), from.at(row, first), units, n);
        if (!areBits(units, n)) {
          return Optional.empty();
        }
        words[row * wordsPerRow + word] = word(units, n);
      }
    }
    return Optional.of(new UnitMasks(words, wordsPerRow));
  }

  // The product is 0 for 0 and 1 alone, and the sum of such squares for nothing else; NaN fails the comparison.
  private static boolean areBits(double[] units, int n) {
    double violation = 0;
    for (int i = 0; i < n; i++) {
      violation += Math.abs(units[i] * (units[i] - 1));
    }
    return violation == 0;
  }

  private static long word(double[] units, int n) {
    long word = 0;
    for (int t = 0; t * CODES < n; t++) {
      long bits = 0;
      for (int b = 0; b < Math.min(CODES, n - t * CODES); b++) {
        bits |= (long) units[t * CODES + b] << b;
      }
      word |= Long.expand(bits, LOWEST_BITS) << t;
    }
    return word;
  }

  int wordsPerRow() {
    return wordsPerRow;
  }

  long word(int row, int word) {
    return words[row * wordsPerRow + word];
  }
}
