package io.contraspectra.core.backend.cpu;

import io.contraspectra.bindings.openblas.EigenJob;
import io.contraspectra.bindings.openblas.Lapacke;
import io.contraspectra.bindings.openblas.LapackeRange;
import io.contraspectra.bindings.openblas.Precision;
import io.contraspectra.bindings.openblas.Triangle;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;

/**
 * Symmetric eigendecompositions by LAPACK: all pairs by divide and conquer, some by relatively robust representations.
 */
final class SymmetricEigen {

  // Row-major lower is column-major upper, and LAPACK's column eigenvectors are rows to us.
  private static final Triangle ROW_MAJOR_LOWER = Triangle.UPPER;

  private SymmetricEigen() {}

  /** As {@code Engine.eigh}, for n of at least 1. */
  static void all(Matrix a, Matrix values) {
    long n = a.rows();
    long ld = Products.ld(a);
    boolean f64 = Products.precision(a.dtype()) == Precision.DOUBLE;
    Lapacke.SyevdWorkspace sizes = f64
        ? Lapacke.dsyevdWorkspace(EigenJob.VECTORS, n) : Lapacke.ssyevdWorkspace(EigenJob.VECTORS, n);
    try (var scratch = new LapackWorkspace(sizes.work() * a.dtype().bytes(), sizes.iwork() * Integer.BYTES)) {
      var vectors = HostMatrix.of(a).fromStart();
      var w = HostMatrix.of(values).fromStart();
      int info = f64
          ? Lapacke.dsyevd(EigenJob.VECTORS, ROW_MAJOR_LOWER, n, vectors, ld, w, scratch.part(0), scratch.part(1))
          : Lapacke.ssyevd(EigenJob.VECTORS, ROW_MAJOR_LOWER, n, vectors, ld, w, scratch.part(0), scratch.part(1));
      requireDone("eigh: " + a.describe("A") + ": LAPACK's divide and conquer", info);
    }
  }

  /** As {@code Engine.eighRange}, for k of at least 1. */
  static void range(Matrix a, long first, Matrix values, Matrix vectors) {
    long n = a.rows();
    long count = values.cols();
    int bytes = a.dtype().bytes();
    Precision precision = Products.precision(a.dtype());
    LapackeRange.Workspace sizes = LapackeRange.workspace(precision, n);
    try (var scratch = new LapackWorkspace(
        n * bytes, 2 * count * Integer.BYTES, sizes.work() * bytes, sizes.iwork() * Integer.BYTES)) {
      // LAPACK uses n elements for the values, whatever number is asked for.
      int info = LapackeRange.syevr(precision, ROW_MAJOR_LOWER, n, HostMatrix.of(a).fromStart(), Products.ld(a), first,
          count, scratch.part(0), HostMatrix.of(vectors).fromStart(), Products.ld(vectors), scratch.part(1),
          scratch.part(2), scratch.part(3));
      requireDone("eighRange: " + a.describe("A") + ": LAPACK's syevr", info);
      HostMatrix.of(values).fromStart().copyFrom(scratch.part(0).asSlice(0, count * bytes));
    }
  }

  static void requireDone(String what, int info) {
    if (info < 0) {
      throw new AssertionError("bug: argument " + -info + " was refused; " + what);
    }
    if (info > 0) {
      throw new NotConverged(what + " did not converge (info " + info
          + "); scale the matrix to entries near 1 and try again");
    }
  }
}
