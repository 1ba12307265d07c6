package io.contraspectra.core.backend.cpu;

import io.contraspectra.bindings.openblas.EigenJob;
import io.contraspectra.bindings.openblas.Lapacke;
import io.contraspectra.bindings.openblas.Triangle;
import io.contraspectra.core.matrix.HostMemory;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;

/** Symmetric eigendecompositions by LAPACK's divide and conquer. */
final class SymmetricEigen {

  // Row-major lower is column-major upper, and LAPACK's column eigenvectors are rows to us.
  private static final Triangle ROW_MAJOR_LOWER = Triangle.UPPER;

  private SymmetricEigen() {}

  /** As {@code Engine.eigh}, for n of at least 1. */
  static void decompose(Matrix a, Matrix values) {
    long n = a.rows();
    long ld = Math.max(1, a.leadingDimension());
    boolean f64 = switch (a.dtype()) {
      case F64 -> true;
      case F32 -> false;
    };
    Lapacke.SyevdWorkspace sizes = f64
        ? Lapacke.dsyevdWorkspace(EigenJob.VECTORS, n) : Lapacke.ssyevdWorkspace(EigenJob.VECTORS, n);
    try (var work = HostMemory.allocate(sizes.work() * a.dtype().bytes());
        var iwork = HostMemory.allocate(sizes.iwork() * Integer.BYTES)) {
      var vectors = HostMatrix.of(a).fromStart();
      var w = HostMatrix.of(values).fromStart();
      int info = f64
          ? Lapacke.dsyevd(EigenJob.VECTORS, ROW_MAJOR_LOWER, n, vectors, ld, w, work.segment(), iwork.segment())
          : Lapacke.ssyevd(EigenJob.VECTORS, ROW_MAJOR_LOWER, n, vectors, ld, w, work.segment(), iwork.segment());
      if (info < 0) {
        throw new AssertionError("bug: argument " + -info + " of syevd");
      }
      if (info > 0) {
        throw new NotConverged("eigh: " + a.describe("A") + ": LAPACK's divide and conquer did not converge (info "
            + info + "); scale the matrix to entries near 1 and try again");
      }
    }
  }
}
