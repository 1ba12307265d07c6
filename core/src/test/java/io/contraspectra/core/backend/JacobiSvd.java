package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Matrix;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Singular values by one-sided Jacobi rotations (Hestenes): vectors are rotated among each other until all are
 * orthogonal; their lengths are the singular values. Slow, simple, accurate, and nothing like LAPACK.
 */
final class JacobiSvd {

  private static final int MAX_SWEEPS = 60;

  private final boolean tall;
  private final double[][] lines;
  private final double[][] rotation;

  private JacobiSvd(boolean tall, double[][] lines) {
    this.tall = tall;
    this.lines = lines;
    this.rotation = new double[lines.length][lines.length];
    for (int i = 0; i < lines.length; i++) {
      rotation[i][i] = 1;
    }
    boolean rotated = true;
    for (int sweep = 0; sweep < MAX_SWEEPS && rotated; sweep++) {
      rotated = false;
      for (int p = 0; p < lines.length; p++) {
        for (int q = p + 1; q < lines.length; q++) {
          rotated |= rotate(p, q);
        }
      }
    }
  }

  /** Of the columns if there are fewer of them, else of the rows. */
  static JacobiSvd of(Matrix a) {
    boolean tall = a.rows() >= a.cols();
    return new JacobiSvd(tall, GramSchmidt.lines(a, tall));
  }

  void into(Matrix u, Matrix values, Matrix v) {
    double[] lengths = IntStream.range(0, lines.length).mapToDouble(i -> Math.sqrt(dot(i, i))).toArray();
    int[] order = IntStream.range(0, lines.length).boxed().sorted(Comparator.comparingDouble(i -> -lengths[i]))
        .mapToInt(Integer::intValue).toArray();
    var sorted = new double[lines.length][];
    for (int i = 0; i < order.length; i++) {
      sorted[i] = lines[order[i]].clone();
    }
    double[][] directions = GramSchmidt.of(sorted).basis();
    for (int i = 0; i < order.length; i++) {
      values.set(0, i, lengths[order[i]]);
      for (int j = 0; j < directions[i].length; j++) {
        (tall ? u : v).set(tall ? j : i, tall ? i : j, directions[i][j]);
      }
      for (int j = 0; j < lines.length; j++) {
        (tall ? v : u).set(tall ? i : j, tall ? j : i, rotation[order[i]][j]);
      }
    }
  }

  private boolean rotate(int p, int q) {
    double alpha = dot(p, p);
    double beta = dot(q, q);
    double gamma = dot(p, q);
    if (Math.abs(gamma) <= 1e-16 * Math.sqrt(alpha * beta) || gamma == 0) {
      return false;
    }
    double zeta = (beta - alpha) / (2 * gamma);
    double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(zeta, 1));
    double c = 1 / Math.hypot(t, 1);
    rotate(lines[p], lines[q], c, c * t);
    rotate(rotation[p], rotation[q], c, c * t);
    return true;
  }

  private static void rotate(double[] x, double[] y, double c, double s) {
    for (int i = 0; i < x.length; i++) {
      double old = x[i];
      x[i] = c * old - s * y[i];
      y[i] = s * old + c * y[i];
    }
  }

  private double dot(int p, int q) {
    double sum = 0;
    for (int i = 0; i < lines[p].length; i++) {
      sum += lines[p][i] * lines[q][i];
    }
    return sum;
  }
}
