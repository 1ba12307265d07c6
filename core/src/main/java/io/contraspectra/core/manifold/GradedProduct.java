package io.contraspectra.core.manifold;

import java.util.Arrays;

/**
 * A product of many upper triangular z x z matrices whose rows come to differ by hundreds of powers of ten, and its
 * orthogonal polar factor. Rows are kept apart from their scales, {@code P = diag(e^s)X}, and the polar factor comes
 * from one-sided Jacobi rotations, which are accurate however badly the rows are scaled (Demmel and Veselić 1992).
 *
 * <p>One thread, one product.
 */
final class GradedProduct {

  /** Scales that differ by more than exp of this between neighbours act as if they differed by just that. */
  private static final double LARGEST_DROP = 45;

  /** Keeps quotients of scales inside the range of doubles. */
  private static final double LOWEST_SCALE = -600;
  private static final int MOST_SWEEPS = 60;
  private static final double ORTHOGONAL = 1e-15;

  private final int z;
  private final double[] x;
  private final double[] logScale;

  /** Starts at the identity. */
  GradedProduct(int z) {
    this.z = z;
    this.x = new double[z * z];
    this.logScale = new double[z];
    for (int i = 0; i < z; i++) {
      x[i * z + i] = 1;
    }
  }

  /** {@code P ← RP} with R upper triangular of positive diagonal, row by row. */
  void multiplyLeft(double[] r) {
    for (int i = 0; i < z; i++) {
      double shift = Double.NEGATIVE_INFINITY;
      for (int j = i; j < z; j++) {
        shift = Math.max(shift, Math.log(Math.abs(r[i * z + j])) + logScale[j]);
      }
      var row = new double[z];
      for (int j = i; j < z; j++) {
        // Rows from i on are still those of the old product.
        addScaled(r[i * z + j] * Math.exp(logScale[j] - shift), j, row);
      }
      double largest = Arrays.stream(row).map(Math::abs).max().orElseThrow();
      for (int k = 0; k < z; k++) {
        x[i * z + k] = row[k] / largest;
      }
      logScale[i] = shift + Math.log(largest);
    }
  }

  private void addScaled(double factor, int from, double[] row) {
    for (int k = 0; k < z; k++) {
      row[k] += factor * x[from * z + k];
    }
  }

  /** {@code (PPᵀ)^(-1/2)P}, z x z. */
  double[] polarFactor() {
    double[] rows = scaledRows();
    var left = new double[z * z];
    for (int i = 0; i < z; i++) {
      left[i * z + i] = 1;
    }
    boolean rotated = true;
    for (int sweep = 0; rotated && sweep < MOST_SWEEPS; sweep++) {
      rotated = false;
      for (int i = 0; i < z; i++) {
        for (int j = i + 1; j < z; j++) {
          rotated |= rotate(rows, left, i, j);
        }
      }
    }
    return leftTransposedTimesDirections(left, rows);
  }

  private double[] scaledRows() {
    var rows = new double[z * z];
    double scale = 0;
    for (int i = 0; i < z; i++) {
      double drop = i == 0 ? 0 : Math.clamp(logScale[i] - logScale[i - 1], -LARGEST_DROP, LARGEST_DROP);
      scale = Math.clamp(scale + drop, LOWEST_SCALE, LARGEST_DROP);
      double factor = Math.exp(scale);
      for (int k = 0; k < z; k++) {
        rows[i * z + k] = factor * x[i * z + k];
      }
    }
    return rows;
  }

  /** Makes rows i and j orthogonal by a rotation, which is applied to {@code left} as well; false if they were. */
  private boolean rotate(double[] rows, double[] left, int i, int j) {
    double ni = norm(rows, i);
    double nj = norm(rows, j);
    double cosine = 0;
    for (int k = 0; k < z; k++) {
      cosine += rows[i * z + k] / ni * (rows[j * z + k] / nj);
    }
    if (Math.abs(cosine) <= ORTHOGONAL * z) {
      return false;
    }
    double zeta = (nj / ni - ni / nj) / (2 * cosine);
    double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
    double c = 1 / Math.hypot(1, t);
    combine(rows, i, j, c, c * t);
    combine(left, i, j, c, c * t);
    return true;
  }

  private double norm(double[] rows, int i) {
    double norm = 0;
    for (int k = 0; k < z; k++) {
      norm = Math.hypot(norm, rows[i * z + k]);
    }
    return norm;
  }

  private void combine(double[] rows, int i, int j, double c, double s) {
    for (int k = 0; k < z; k++) {
      double a = rows[i * z + k];
      double b = rows[j * z + k];
      rows[i * z + k] = c * a - s * b;
      rows[j * z + k] = s * a + c * b;
    }
  }

  /** With {@code LP = SVᵀ}, S diagonal: P = LᵀSVᵀ, so its polar factor is LᵀVᵀ. */
  private double[] leftTransposedTimesDirections(double[] left, double[] rows) {
    var polar = new double[z * z];
    for (int m = 0; m < z; m++) {
      double norm = norm(rows, m);
      for (int i = 0; i < z; i++) {
        for (int k = 0; k < z; k++) {
          polar[i * z + k] += left[m * z + i] * (rows[m * z + k] / norm);
        }
      }
    }
    return polar;
  }
}
