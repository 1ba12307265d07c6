package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.Arrays;

/** Subspaces spanned by the columns of matrices. All methods are thread-safe. */
public final class Subspaces {

  private Subspaces() {}

  /**
   * How far the column spaces of A and B are apart (grassmann.md 8).
   *
   * <p>Angles above π/4 come from cosines, those below from the sines {@code svd((I − QQᵀ)Q')}, so that both small and
   * large angles are accurate to rounding.
   *
   * @param a n x p, any matrix but zero; columns that depend on others do not count
   * @param b n x q, likewise
   */
  public static SubspaceDistances compare(Backend backend, Matrix a, Matrix b) {
    if (a.rows() != b.rows()) {
      throw new ShapeMismatch("subspaces: " + a.describe("A") + " and " + b.describe("B") + " must have equal rows");
    }
    try (Matrix qa = basis(backend, "A", a); Matrix qb = basis(backend, "B", b)) {
      boolean larger = qa.cols() >= qb.cols();
      double[] angles = angles(backend, larger ? qa : qb, larger ? qb : qa);
      return new SubspaceDistances(angles, qa.cols(), qb.cols());
    }
  }

  /**
   * An orthonormal basis of the column space, by singular values above rounding ({@code max(n, p) ε s_1}).
   *
   * @param name what A is, for messages
   * @param a n x p, finite
   * @return n x rank, to be closed by the caller
   * @throws InvalidArgument if A is zero
   */
  public static Matrix basis(Backend backend, String name, Matrix a) {
    backend.requireFinite("subspaces: " + name, a);
    long r = Math.min(a.rows(), a.cols());
    try (Matrix copy = backend.copyOf(a, a.dtype());
        Matrix u = backend.zeros(a.dtype(), a.rows(), r);
        Matrix s = backend.zeros(a.dtype(), 1, r);
        Matrix v = backend.zeros(a.dtype(), r, a.cols())) {
      if (r > 0) {
        backend.svd(copy, u, s, v);
      }
      double[] values = s.toArray();
      double floor = Math.max(a.rows(), a.cols()) * epsilon(a.dtype()) * Arrays.stream(values).max().orElse(0);
      long rank = Arrays.stream(values).filter(value -> value > floor).count();
      if (rank == 0) {
        throw new InvalidArgument("subspaces: " + a.describe(name)
            + " is zero or empty and spans nothing; give at least one column that is not zero");
      }
      return backend.copyOf(u.block(0, 0, a.rows(), rank), a.dtype());
    }
  }

  private static double epsilon(DType dtype) {
    return dtype == DType.F64 ? 0x1p-52 : 0x1p-23;
  }

  /** Ascending angles between the spans of the frames Q (n x p) and Q' (n x q), q ≤ p. */
  private static double[] angles(Backend backend, Matrix q, Matrix other) {
    try (Matrix overlap = backend.zeros(q.dtype(), q.cols(), other.cols());
        Matrix rest = backend.copyOf(other, other.dtype())) {
      backend.gemm(YES, NO, 1, q, other, 0, overlap);
      backend.gemm(NO, NO, -1, q, overlap, 1, rest);
      double[] cosines = singularValues(backend, overlap);
      double[] sines = singularValues(backend, rest);
      var angles = new double[cosines.length];
      for (int i = 0; i < angles.length; i++) {
        // Cosines descend and sines too: the smallest angle has the largest cosine and the smallest sine.
        double sine = sines[angles.length - 1 - i];
        angles[i] = sine * sine < 0.5 ? Math.asin(sine) : Math.acos(Math.min(1, cosines[i]));
      }
      return angles;
    }
  }

  /** Descending singular values of X (m x n), min(m, n) of them; X is not changed. */
  static double[] singularValues(Backend backend, Matrix x) {
    long r = Math.min(x.rows(), x.cols());
    try (Matrix copy = backend.copyOf(x, x.dtype());
        Matrix u = backend.zeros(x.dtype(), x.rows(), r);
        Matrix s = backend.zeros(x.dtype(), 1, r);
        Matrix v = backend.zeros(x.dtype(), r, x.cols())) {
      if (r > 0) {
        backend.svd(copy, u, s, v);
      }
      return s.toArray();
    }
  }
}
