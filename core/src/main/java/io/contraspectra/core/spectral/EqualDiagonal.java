package io.contraspectra.core.spectral;

import java.util.Arrays;

/**
 * Rotations that spread a diagonal matrix evenly: all diagonal entries of {@code Qᵀ diag(c) Q} equal the mean of c
 * (Schur and Horn; one plane rotation for each entry, Chan and Li 1983).
 */
final class EqualDiagonal {

  private static final double ROUNDING = 1e-14;

  private EqualDiagonal() {}

  /** Q, K x K and orthogonal. */
  static double[][] rotation(double[] c) {
    int k = c.length;
    var q = new double[k][k];
    var m = new double[k][k];
    for (int i = 0; i < k; i++) {
      q[i][i] = 1;
      m[i][i] = c[i];
    }
    double mean = Arrays.stream(c).average().orElse(0);
    for (int done = 0; done < k - 1; done++) {
      int low = 0;
      int high = 0;
      for (int i = 1; i < k; i++) {
        low = m[i][i] < m[low][low] ? i : low;
        high = m[i][i] > m[high][high] ? i : high;
      }
      if (m[high][high] - m[low][low] <= ROUNDING * Math.abs(mean)) {
        break;
      }
      rotate(m, q, low, high, mean);
    }
    return q;
  }

  /** Turns the plane of two axes such that the diagonal entry of the first becomes the mean. */
  private static void rotate(double[][] m, double[][] q, int low, int high, double mean) {
    // (m_ll − mean) + 2 t m_lh + t² (m_hh − mean) = 0 with factors of opposite sign: two real roots.
    double a = m[high][high] - mean;
    double b = m[low][high];
    double c = m[low][low] - mean;
    double root = Math.sqrt(b * b - a * c);
    double t = b >= 0 ? -c / (b + root) : (root - b) / a;
    double cos = 1 / Math.sqrt(1 + t * t);
    double sin = t * cos;
    for (double[] row : q) {
      turn(row, low, high, cos, sin);
    }
    for (double[] row : m) {
      turn(row, low, high, cos, sin);
    }
    for (int j = 0; j < m.length; j++) {
      double first = m[low][j];
      double second = m[high][j];
      m[low][j] = cos * first + sin * second;
      m[high][j] = cos * second - sin * first;
    }
  }

  private static void turn(double[] row, int low, int high, double cos, double sin) {
    double first = row[low];
    double second = row[high];
    row[low] = cos * first + sin * second;
    row[high] = cos * second - sin * first;
  }
}
