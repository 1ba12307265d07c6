package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;

/** Eigendecompositions of symmetric matrices. */
public final class Eigensolver {

  /** Asymmetry up to this fraction of the largest entry counts as rounding. */
  private static final double ASYMMETRY = 1e-8;

  private Eigensolver() {}

  /**
   * All eigenpairs of a symmetric matrix.
   *
   * @param a n x n, symmetric to 1e-8 of its largest entry; not changed
   * @return the pairs, largest value first; to be closed by the caller
   * @throws InvalidArgument if A is not symmetric
   * @throws io.contraspectra.core.matrix.NonFinite if A holds a NaN or an infinity
   */
  public static EigenPairs full(Backend backend, Matrix a) {
    requireSymmetric(backend, a);
    long n = a.rows();
    Matrix values = backend.zeros(a.dtype(), 1, n);
    Matrix vectors = backend.zeros(a.dtype(), n, n);
    try (Matrix ascending = backend.copyOf(a, a.dtype()); Matrix ascendingValues = backend.zeros(a.dtype(), 1, n)) {
      backend.eigh(ascending, ascendingValues);
      for (long i = 0; i < n; i++) {
        backend.copy(ascending.rowRange(n - 1 - i, 1), vectors.rowRange(i, 1));
        backend.copy(ascendingValues.block(0, n - 1 - i, 1, 1), values.block(0, i, 1, 1));
      }
      return new EigenPairs(values, vectors);
    } catch (RuntimeException | Error e) {
      values.close();
      vectors.close();
      throw e;
    }
  }

  private static void requireSymmetric(Backend backend, Matrix a) {
    backend.requireFinite("eigensolver: A", a);
    try (Matrix transposed = backend.copyOf(a, a.dtype())) {
      backend.transpose(a, transposed);
      backend.add(-1, a, 1, transposed);
      double asymmetry = backend.maxAbs(transposed);
      double largest = backend.maxAbs(a);
      if (asymmetry > ASYMMETRY * largest) {
        throw new InvalidArgument("eigensolver: " + a.describe("A") + " is not symmetric: entries differ from their"
            + " mirror images by up to " + asymmetry + " where the largest entry is " + largest
            + "; pass (A + Aᵀ)/2 if that is meant");
      }
    }
  }
}
