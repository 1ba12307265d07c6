package io.contraspectra.core.backend.cpu;

import io.contraspectra.bindings.openblas.LapackeFactor;
import io.contraspectra.bindings.openblas.LapackeFactor.Orthogonal;
import io.contraspectra.bindings.openblas.Precision;
import io.contraspectra.core.matrix.Matrix;

/**
 * QR and LQ factorisations by LAPACK's Householder reflections. LAPACK sees the transpose of a row-major matrix, so
 * that one is the other there. Reflections leave signs to chance; they are turned so that the diagonal is not negative.
 */
final class OrthogonalFactors {

  private OrthogonalFactors() {}

  /** As {@code Engine.qr}, for A of at least 1 x 1. */
  static void qr(Matrix a, Matrix r) {
    factorise("qr", Orthogonal.LQ, a, () -> copyTriangle(a, r, true));
    HostMatrix q = HostMatrix.of(a);
    HostMatrix upper = HostMatrix.of(r);
    for (long i = 0; i < r.rows(); i++) {
      if (upper.get(i, i) < 0) {
        negate(upper, i, i, 0, 1, r.cols() - i);
        negate(q, 0, i, 1, 0, a.rows());
      }
    }
  }

  /** As {@code Engine.lq}, for A of at least 1 x 1. */
  static void lq(Matrix a, Matrix l) {
    factorise("lq", Orthogonal.QR, a, () -> copyTriangle(a, l, false));
    HostMatrix q = HostMatrix.of(a);
    HostMatrix lower = HostMatrix.of(l);
    for (long i = 0; i < l.rows(); i++) {
      if (lower.get(i, i) < 0) {
        negate(lower, i, i, 1, 0, l.rows() - i);
        negate(q, i, 0, 0, 1, a.cols());
      }
    }
  }

  /** Between the reduction and the making of Q, A holds the triangular factor; {@code keep} saves it. */
  private static void factorise(String operation, Orthogonal form, Matrix a, Runnable keep) {
    Products.requireInts(operation, a);
    Precision precision = Products.precision(a.dtype());
    int bytes = a.dtype().bytes();
    long m = a.cols();
    long n = a.rows();
    long work = LapackeFactor.workspace(precision, form, m, n);
    try (var scratch = new LapackWorkspace(Math.min(m, n) * bytes, work * bytes)) {
      var memory = HostMatrix.of(a).fromStart();
      LapackeFactor.reduce(precision, form, m, n, memory, Products.ld(a), scratch.part(0), scratch.part(1));
      keep.run();
      LapackeFactor.generate(precision, form, m, n, memory, Products.ld(a), scratch.part(0), scratch.part(1));
    }
  }

  private static void copyTriangle(Matrix a, Matrix target, boolean upper) {
    HostMatrix from = HostMatrix.of(a);
    HostMatrix to = HostMatrix.of(target);
    for (long i = 0; i < target.rows(); i++) {
      for (long j = 0; j < target.cols(); j++) {
        to.set(i, j, (upper ? j >= i : j <= i) ? from.get(i, j) : 0);
      }
    }
  }

  private static void negate(HostMatrix x, long row, long col, int down, int right, long count) {
    for (long i = 0; i < count; i++) {
      x.set(row + i * down, col + i * right, -x.get(row + i * down, col + i * right));
    }
  }
}
