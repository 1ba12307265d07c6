package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/** Columns of embeddings and of weights, as arrays of their entries. */
final class Columns {

  private Columns() {}

  /** Turns each column so that its largest entry, the first of equals, is positive; in place. */
  static void orient(double[][] columns) {
    for (double[] column : columns) {
      if (largest(column) < 0) {
        scale(column, -1);
        // Zeros stay +0, whichever way the solver turned the vector.
        for (int i = 0; i < column.length; i++) {
          column[i] += 0.0;
        }
      }
    }
  }

  /** The entry of largest magnitude, the first of equals up to rounding. */
  static double largest(double[] column) {
    double largest = 0;
    for (double entry : column) {
      if (Math.abs(entry) > Math.abs(largest) * (1 + 1e-10)) {
        largest = entry;
      }
    }
    return largest;
  }

  static void scale(double[] column, double factor) {
    for (int i = 0; i < column.length; i++) {
      column[i] *= factor;
    }
  }

  /** The columns times a K x K matrix. */
  static double[][] product(double[][] columns, double[][] q) {
    int k = columns.length;
    var product = new double[k][columns[0].length];
    for (int to = 0; to < k; to++) {
      for (int from = 0; from < k; from++) {
        for (int i = 0; i < product[to].length; i++) {
          product[to][i] += columns[from][i] * q[from][to];
        }
      }
    }
    return product;
  }

  /** A matrix with these columns in double precision, to be closed by the caller. */
  static Matrix matrix(Backend backend, double[][] columns, int rows) {
    int k = columns.length;
    var values = new double[rows * k];
    for (int c = 0; c < k; c++) {
      for (int i = 0; i < rows; i++) {
        values[i * k + c] = columns[c][i];
      }
    }
    Matrix matrix = backend.zeros(DType.F64, rows, k);
    matrix.copyFrom(values);
    return matrix;
  }

  /** A matrix with these rows in double precision, to be closed by the caller. */
  static Matrix rows(Backend backend, double[][] rows, int cols) {
    Matrix matrix = backend.zeros(DType.F64, rows.length, cols);
    for (int i = 0; i < rows.length; i++) {
      matrix.rowRange(i, 1).copyFrom(rows[i]);
    }
    return matrix;
  }
}
