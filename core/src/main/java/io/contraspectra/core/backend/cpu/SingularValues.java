package io.contraspectra.core.backend.cpu;

import io.contraspectra.bindings.openblas.LapackeSvd;
import io.contraspectra.bindings.openblas.Precision;
import io.contraspectra.core.matrix.Matrix;

/** Thin singular value decompositions by LAPACK's divide and conquer. */
final class SingularValues {

  private SingularValues() {}

  /** As {@code Engine.svd}, for A of at least 1 x 1. */
  static void decompose(Matrix a, Matrix u, Matrix values, Matrix v) {
    Products.requireInts("svd", a, u, v);
    Precision precision = Products.precision(a.dtype());
    long work = LapackeSvd.workspace(precision, a.cols(), a.rows()) * a.dtype().bytes();
    try (var scratch = new LapackWorkspace(work, 8 * values.cols() * Integer.BYTES)) {
      // LAPACK sees Aᵀ = Vᵀ diag(s) Uᵀ, whose column-major factors are our row-major V and U.
      int info = LapackeSvd.gesdd(precision, a.cols(), a.rows(), HostMatrix.of(a).fromStart(), Products.ld(a),
          HostMatrix.of(values).fromStart(), HostMatrix.of(v).fromStart(), Products.ld(v),
          HostMatrix.of(u).fromStart(), Products.ld(u), scratch.part(0), scratch.part(1));
      SymmetricEigen.requireDone("svd: " + a.describe("A") + ": LAPACK's divide and conquer", info);
    }
  }
}
