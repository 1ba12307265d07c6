package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Matrix;

/**
 * Orthonormalisation of vectors one after another, each projected twice: slow, simple, accurate, and nothing like
 * Householder's reflections. A vector that depends on its predecessors gets coefficient 0 and is replaced by a unit
 * vector orthogonal to them.
 *
 * @param basis basis[i] is the i-th orthonormal vector
 * @param coefficients vector i is Σ_j coefficients[i][j] basis[j], with j ≤ i and a diagonal that is not negative
 */
record GramSchmidt(double[][] basis, double[][] coefficients) {

  private static final double DEPENDENT = 1e-13;

  static GramSchmidt ofRows(Matrix a) {
    return of(lines(a, false));
  }

  static GramSchmidt ofColumns(Matrix a) {
    return of(lines(a, true));
  }

  /** Takes the vectors over and makes them the basis. */
  static GramSchmidt of(double[][] vectors) {
    var coefficients = new double[vectors.length][vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      double before = norm(vectors[i]);
      project(vectors, i, coefficients[i]);
      project(vectors, i, coefficients[i]);
      double left = norm(vectors[i]);
      boolean dependent = left <= DEPENDENT * before;
      coefficients[i][i] = dependent ? 0 : left;
      for (int unit = 0; dependent && left < 0.5 / Math.sqrt(vectors[i].length); unit++) {
        vectors[i] = new double[vectors[i].length];
        vectors[i][unit] = 1;
        project(vectors, i, new double[vectors.length]);
        project(vectors, i, new double[vectors.length]);
        left = norm(vectors[i]);
      }
      for (int l = 0; l < vectors[i].length; l++) {
        vectors[i][l] /= left;
      }
    }
    return new GramSchmidt(vectors, coefficients);
  }

  private static void project(double[][] vectors, int which, double[] coefficients) {
    for (int j = 0; j < which; j++) {
      double along = 0;
      for (int l = 0; l < vectors[which].length; l++) {
        along += vectors[which][l] * vectors[j][l];
      }
      coefficients[j] += along;
      for (int l = 0; l < vectors[which].length; l++) {
        vectors[which][l] -= along * vectors[j][l];
      }
    }
  }

  private static double norm(double[] x) {
    double norm = 0;
    for (double entry : x) {
      norm = Math.hypot(norm, entry);
    }
    return norm;
  }

  static double[][] lines(Matrix a, boolean columns) {
    int lines = Math.toIntExact(columns ? a.cols() : a.rows());
    int length = Math.toIntExact(columns ? a.rows() : a.cols());
    var result = new double[lines][length];
    for (int i = 0; i < lines; i++) {
      for (int j = 0; j < length; j++) {
        result[i][j] = columns ? a.get(j, i) : a.get(i, j);
      }
    }
    return result;
  }
}
