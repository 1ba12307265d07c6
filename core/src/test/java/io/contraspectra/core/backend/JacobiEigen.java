package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Matrix;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Eigenpairs of a symmetric matrix by cyclic Jacobi rotations: slow, simple, accurate, and nothing like LAPACK. */
final class JacobiEigen {

  private static final int MAX_SWEEPS = 100;

  private final int n;
  private final double[][] a;
  private final double[][] vectors;

  /** Takes the lower triangle of a row-major n x n matrix. */
  JacobiEigen(int n, double[] rowMajor) {
    this.n = n;
    this.a = new double[n][n];
    this.vectors = new double[n][n];
    for (int i = 0; i < n; i++) {
      vectors[i][i] = 1;
      for (int j = 0; j <= i; j++) {
        a[i][j] = a[j][i] = rowMajor[i * n + j];
      }
    }
    for (int sweep = 0; sweep < MAX_SWEEPS && !isDiagonal(); sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(p, q);
        }
      }
    }
  }

  /** Writes the ascending eigenvalues from place {@code first} on that fit, and their vectors as rows. */
  void into(Matrix rows, Matrix values, int first) {
    int[] order = IntStream.range(0, n).boxed().sorted(Comparator.comparingDouble(i -> a[i][i]))
        .mapToInt(Integer::intValue).toArray();
    for (int i = 0; i < values.cols(); i++) {
      int chosen = order[first + i];
      values.set(0, i, a[chosen][chosen]);
      for (int j = 0; j < n; j++) {
        rows.set(i, j, vectors[j][chosen]);
      }
    }
  }

  private boolean isDiagonal() {
    double off = 0;
    double all = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        all += a[i][j] * a[i][j];
        off += i == j ? 0 : a[i][j] * a[i][j];
      }
    }
    return off <= all * 1e-36;
  }

  private void rotate(int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
    double c = 1 / Math.hypot(t, 1);
    double s = t * c;
    for (int i = 0; i < n; i++) {
      double ip = a[i][p];
      a[i][p] = c * ip - s * a[i][q];
      a[i][q] = s * ip + c * a[i][q];
      double vp = vectors[i][p];
      vectors[i][p] = c * vp - s * vectors[i][q];
      vectors[i][q] = s * vp + c * vectors[i][q];
    }
    for (int j = 0; j < n; j++) {
      double pj = a[p][j];
      a[p][j] = c * pj - s * a[q][j];
      a[q][j] = s * pj + c * a[q][j];
    }
    // What the rotation is for; the rounding error left there would keep the sweeps from ending.
    a[p][q] = a[q][p] = 0;
  }
}
