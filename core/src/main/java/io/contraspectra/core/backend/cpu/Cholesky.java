package io.contraspectra.core.backend.cpu;

import io.contraspectra.bindings.openblas.LapackeFactor;
import io.contraspectra.bindings.openblas.Triangle;
import io.contraspectra.core.matrix.Matrix;

/** Cholesky factorisation by LAPACK. */
final class Cholesky {

  private Cholesky() {}

  /** As {@code Engine.cholesky}, for n of at least 1. */
  static long decompose(Matrix a) {
    Products.requireInts("cholesky", a);
    HostMatrix factor = HostMatrix.of(a);
    // Row-major lower is column-major upper, and Uᵀ U there is L Lᵀ here.
    int info = LapackeFactor.potrf(
        Products.precision(a.dtype()), Triangle.UPPER, a.rows(), factor.fromStart(), Products.ld(a));
    if (info < 0) {
      throw new AssertionError("bug: argument " + -info + " of potrf");
    }
    for (long row = 0; row < a.rows() - 1; row++) {
      long from = factor.at(row, row + 1);
      factor.segment().asSlice(from, factor.at(row, a.cols()) - from).fill((byte) 0);
    }
    return info;
  }
}
