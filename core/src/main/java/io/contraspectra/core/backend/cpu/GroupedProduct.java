package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;

/**
 * {@code C = alpha A op(B) + beta C} by {@link StripProduct}, for an A whose rows {@code iK .. iK+K-1} are mostly 0 in
 * the same columns.
 */
final class GroupedProduct implements StripProduct.Left {

  /** Fewer rows of a group leave a third of their register tile idle. */
  static final int LEAST_ROWS = 3;
  /** Fewer columns leave most of a strip idle. */
  static final int LEAST_COLS = 16;

  private static final int UNITS = 256;
  private static final int COLS = 1024;

  private final Strips strips;
  private final Matrix a;
  private final HostMatrix rows;
  private final int repeat;

  GroupedProduct(Strips strips, Matrix a, int repeat) {
    this.strips = strips;
    this.a = a;
    this.rows = HostMatrix.of(a);
    this.repeat = repeat;
  }

  void into(Matrix b, Transpose tb, double alpha, double beta, Matrix c) {
    HostMatrix to = HostMatrix.of(c);
    long groups = a.rows() / repeat;
    var product = new StripProduct(strips, repeat, Math.toIntExact(a.cols()));
    for (long col = 0; col < c.cols(); col += COLS) {
      int n = (int) Math.min(COLS, c.cols() - col);
      var right = new StripProduct.Right(HostMatrix.of(b), tb == Transpose.NO, col, n);
      long step = product.groupsAtOnce(n);
      for (long group = 0; group < groups; group += step) {
        int count = (int) Math.min(step, groups - group);
        product.run(this, right, group, count, UNITS);
        for (int row = 0; row < count * repeat; row++) {
          strips.store(product.sums(row / repeat, row % repeat, n), alpha, beta, to.segment(),
              to.at(group * repeat + row, col), n);
        }
      }
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
