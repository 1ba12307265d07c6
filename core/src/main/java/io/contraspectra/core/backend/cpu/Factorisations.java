package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.Matrix;

/** Factorisations by LAPACK, each with the threads that its size calls for; empty operands never reach it. */
final class Factorisations {

  private final Products products;

  Factorisations(Products products) {
    this.products = products;
  }

  void eigh(Matrix a, Matrix values) {
    if (a.size() > 0) {
      products.lapack(9.0 * a.rows() * a.size(), () -> SymmetricEigen.all(a, values));
    }
  }

  void eighRange(Matrix a, long first, Matrix values, Matrix vectors) {
    if (values.size() > 0) {
      products.lapack(4.0 / 3 * a.rows() * a.size(), () -> SymmetricEigen.range(a, first, values, vectors));
    }
  }

  void svd(Matrix a, Matrix u, Matrix values, Matrix v) {
    if (a.size() > 0) {
      products.lapack(6.0 * a.size() * values.cols(), () -> SingularValues.decompose(a, u, values, v));
    }
  }

  void qr(Matrix a, Matrix r) {
    if (a.size() > 0) {
      products.lapack(4.0 * a.size() * a.cols(), () -> OrthogonalFactors.qr(a, r));
    }
  }

  void lq(Matrix a, Matrix l) {
    if (a.size() > 0) {
      products.lapack(4.0 * a.size() * a.rows(), () -> OrthogonalFactors.lq(a, l));
    }
  }

  long cholesky(Matrix a) {
    var order = new long[1];
    if (a.size() > 0) {
      products.lapack(a.size() * a.rows() / 3.0, () -> order[0] = Cholesky.decompose(a));
    }
    return order[0];
  }

  void solveTriangular(Side side, Triangle triangle, Transpose tt, double alpha, Matrix t, Matrix b) {
    if (b.size() > 0) {
      products.solveTriangular(side, triangle, tt, alpha, t, b);
    }
  }
}
