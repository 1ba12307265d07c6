package io.contraspectra.core.backend.cpu;

/**
 * {@code C = alpha A op(B) + beta C} by {@link StripProduct}, for an A whose rows {@code iK .. iK+K-1} are 0 wherever
 * row i of a mask is.
 */
final class MaskedProduct implements StripProduct.Left {

  private static final int UNITS = 256;
  private static final int COLS = 1024;

  private final Strips strips;
  private final HostMatrix a;
  private final int repeat;

  MaskedProduct(Strips strips, HostMatrix a, int repeat) {
    this.strips = strips;
    this.a = a;
    this.repeat = repeat;
  }

  /** Forms the product of {@code groups} groups of rows with {@code cols} columns over {@code units} units. */
  void into(HostMatrix mask, HostMatrix b, boolean transposed, double alpha, double beta, HostMatrix c, long groups,
      int units, long cols) {
    var product = new StripProduct(strips, mask, repeat, units);
    for (long col = 0; col < cols; col += COLS) {
      int n = (int) Math.min(COLS, cols - col);
      var right = new StripProduct.Right(b, transposed, col, n);
      long step = product.groupsAtOnce(n);
      for (long group = 0; group < groups; group += step) {
        int count = (int) Math.min(step, groups - group);
        product.run(this, right, group, count, UNITS);
        for (int row = 0; row < count * repeat; row++) {
          strips.store(product.sums(row / repeat, row % repeat, n), alpha, beta, c.segment(),
              c.at(group * repeat + row, col), n);
        }
      }
    }
  }

  @Override
  public int rows(long group, int unit, int n, int slopes, int to) {
    for (int k = 0; k < repeat; k++) {
      strips.load(a.segment(), a.at(group * repeat + k, unit), to + k * n, n);
    }
    return to;
  }
}
