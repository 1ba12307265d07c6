package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;
import java.util.Optional;

/**
 * {@code C = alpha A op(B) + beta C} by {@link StripProduct}, for an A whose rows {@code iK .. iK+K-1} are mostly 0 in
 * the same columns.
 */
final class GroupedProduct implements StripProduct.Left {

  // Fewer rows of a group leave a third of their register tile idle, fewer columns most of a strip.
  private static final int LEAST_ROWS = 3;
  private static final int LEAST_COLS = 16;

  // BLAS is faster where more than this part of the work is left to do.
  private static final double MOST_DENSE = 0.8;

  private static final int UNITS = 256;
  private static final int COLS = 1024;

  private final Strips strips;
  private final Matrix a;
  private final HostMatrix rows;
  private final int repeat;

  private GroupedProduct(Strips strips, Matrix a, int repeat) {
    this.strips = strips;
    this.a = a;
    this.rows = HostMatrix.of(a);
    this.repeat = repeat;
  }

  /** The product of A with {@code cols} columns, where it is faster than BLAS. */
  static Optional<GroupedProduct> where(KernelSet kernels, Matrix a, int repeat, long cols) {
    if (a.size() == 0 || repeat < LEAST_ROWS || cols < LEAST_COLS) {
      return Optional.empty();
    }
    return kernels.strips(a.dtype()).map(strips -> new GroupedProduct(strips, a, repeat)).filter(GroupedProduct::pays);
  }

  /** Whether enough of A is 0 in the same columns, by its first, middle and last group. */
  private boolean pays() {
    long groups = a.rows() / repeat;
    int units = Math.toIntExact(a.cols());
    var list = new int[units];
    strips.reserve((repeat + 1) * units, 0, 0);
    int left = 0;
    for (long group : new long[] {0, groups / 2, groups - 1}) {
      rows(group, 0, units, 0, units);
      left += strips.nonZeros(0, units, list);
    }
    return left <= MOST_DENSE * 3 * units;
  }

  /** Forms the product. */
  void into(Matrix b, Transpose tb, double alpha, double beta, Matrix c) {
    HostMatrix to = HostMatrix.of(c);
    int groups = Math.toIntExact(a.rows() / repeat);
    var product = new StripProduct(strips, repeat, Math.toIntExact(a.cols()), UNITS, true);
    for (long col = 0; col < c.cols(); col += COLS) {
      int n = (int) Math.min(COLS, c.cols() - col);
      var right = new StripProduct.Right(HostMatrix.of(b), tb == Transpose.NO, col, n);
      long from = col;
      product.run(this, right, 0, groups, group -> {
        for (int row = 0; row < repeat; row++) {
          store(product, group, row, alpha, beta, to, from, n);
        }
      });
    }
  }

  private void store(
      StripProduct product, int group, int row, double alpha, double beta, HostMatrix to, long col, int n) {
    int width = strips.width();
    for (int strip = 0; strip * width < n; strip++) {
      int first = strip * width;
      strips.store(product.sums(group, strip, row, n), alpha, beta, to.segment(),
          to.at((long) group * repeat + row, col + first), Math.min(width, n - first));
    }
  }

  @Override
  public int rows(long group, int unit, int n, int marks, int to) {
    strips.clear(marks, n);
    for (int k = 0; k < repeat; k++) {
      strips.load(rows.segment(), rows.at(group * repeat + k, unit), to + k * n, n);
      strips.addMagnitudes(to + k * n, marks, n);
    }
    return to;
  }
}
