package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;

/** {@code C = op(A) B + beta C} for an A of zeros and ones, by {@link BitSums}, strip after strip of columns. */
final class BitProduct {

  // Tables must be looked up often enough to pay for themselves, and BLAS needs little for little.
  private static final long LEAST_ROWS = 64;
  private static final long LEAST_SUMMANDS = 32;
  private static final long MOST = 1 << 20;

  private static final Scratch BITS = new Scratch(0);

  private BitProduct() {}

  /** Forms the product where that is faster than BLAS; returns whether it did, C being untouched if not. */
  static boolean formed(KernelSet kernels, Transpose ta, Matrix a, Matrix b, double beta, Matrix c) {
    if (c.rows() < LEAST_ROWS || b.rows() < LEAST_SUMMANDS || c.cols() == 0 || Math.max(c.rows(), b.rows()) > MOST) {
      return false;
    }
    return kernels.bitSums(c.dtype()).map(sums -> formed(sums, ta, a, b, beta, c)).orElse(false);
  }

  private static boolean formed(BitSums sums, Transpose ta, Matrix a, Matrix b, double beta, Matrix c) {
    int m = Math.toIntExact(c.rows());
    int k = Math.toIntExact(b.rows());
    int stride = Math.ceilDiv(m, 64) * 64;
    int groups = Math.ceilDiv(k, BitSums.SUMMANDS) * BitSums.SUMMANDS / 8;
    MemorySegment bits = BITS.get((long) groups * stride);
    long whole = (long) Math.ceilDiv(k, 8) * stride;
    bits.asSlice(whole, (long) groups * stride - whole).fill((byte) 0);
    HostMatrix chosen = HostMatrix.of(a);
    boolean areBits = ta == Transpose.NO
        ? sums.packRows(chosen.segment(), chosen.start(), chosen.rowStride(), m, k, bits, stride)
        : sums.packColumns(chosen.segment(), chosen.start(), chosen.rowStride(), m, k, bits, stride);
    if (areBits) {
      multiply(sums, bits, stride, HostMatrix.of(b), k, beta, HostMatrix.of(c), c.cols(), m);
    }
    return areBits;
  }

  private static void multiply(
      BitSums sums, MemorySegment bits, int stride, HostMatrix b, int k, double beta, HostMatrix c, long n, int m) {
    int wide = BitSums.WIDE * sums.lanes();
    long col = 0;
    while (col < n) {
      int vectors = n - col >= wide ? BitSums.WIDE : 1;
      int cols = (int) Math.min((long) vectors * sums.lanes(), n - col);
      sums.clear(m, vectors);
      for (int row = 0; row < k; row += BitSums.SUMMANDS) {
        sums.add(b.segment(), b.at(row, col), b.rowStride(), Math.min(BitSums.SUMMANDS, k - row), cols, vectors, bits,
            (long) row / 8 * stride, stride, m);
      }
      sums.store(m, cols, vectors, beta, c.segment(), c.at(0, col), c.rowStride());
      col += cols;
    }
  }
}
