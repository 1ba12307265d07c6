package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;

/** Symmetric operators made of matrices and of other operators, which stay the caller's to close. */
public final class Operators {

  private Operators() {}

  /**
   * A matrix as an operator.
   *
   * @param a n x n, symmetric to 1e-8 of its largest entry (f32: 1e-5); stays the caller's
   * @throws InvalidArgument if A is not symmetric
   * @throws NonFinite if A holds a NaN or an infinity
   */
  public static SymmetricOperator explicit(Backend backend, Matrix a) {
    Symmetry.require(backend, a);
    return new ExplicitOperator(backend, a, false);
  }

  /**
   * A matrix that is symmetric by construction as an operator that closes it.
   *
   * @param a n x n, symmetric, which is not checked; the operator's from now on
   */
  public static SymmetricOperator owning(Backend backend, Matrix a) {
    return new ExplicitOperator(backend, a, true);
  }

  /** {@code A + B}. */
  public static SymmetricOperator sum(SymmetricOperator a, SymmetricOperator b) {
    requireAlike("sum", a, b);
    return new SumOperator(a, b);
  }

  /** {@code scale A + shift I}. */
  public static SymmetricOperator affine(double scale, SymmetricOperator a, double shift) {
    return new AffineOperator(scale, a, shift);
  }

  /** {@code H A H} with the centring {@code H = I − 1 1ᵀ / n}. */
  public static SymmetricOperator centred(SymmetricOperator a) {
    return new CentredOperator(a);
  }

  /**
   * {@code P A Pᵀ}: what A does inside the span of the rows of P.
   *
   * @param p r x n; stays the caller's
   */
  public static SymmetricOperator compressed(SymmetricOperator a, Matrix p) {
    if (p.cols() != a.size() || p.dtype() != a.dtype()) {
      throw new InvalidArgument("compressed operator: " + p.describe("P") + " " + p.dtype() + " must have " + a.size()
          + " columns of " + a.dtype());
    }
    return new CompressedOperator(a, p);
  }

  /**
   * {@code L⁻¹ A L⁻ᵀ}: the problem {@code A v = λ B v} with {@code B = L Lᵀ} has its eigenvalues, and
   * {@code v = L⁻ᵀ u}.
   *
   * @param l n x n, lower triangular, see {@link Backend#cholesky}; stays the caller's
   */
  public static SymmetricOperator reduced(SymmetricOperator a, Matrix l) {
    if (l.cols() != a.size() || l.rows() != a.size() || l.dtype() != a.dtype()) {
      throw new InvalidArgument("reduced operator: " + l.describe("L") + " " + l.dtype() + " must be " + a.size() + "x"
          + a.size() + " " + a.dtype());
    }
    return new ReducedOperator(a, l);
  }

  /**
   * A as a matrix, found by mapping the unit vectors.
   *
   * @return n x n, symmetric to the last bit; to be closed by the caller
   */
  public static Matrix toMatrix(SymmetricOperator a) {
    Backend backend = a.backend();
    long n = a.size();
    Matrix matrix = backend.zeros(a.dtype(), n, n);
    try (Matrix units = backend.zeros(a.dtype(), n, n); Matrix transposed = backend.zeros(a.dtype(), n, n)) {
      backend.shiftDiagonal(1, units);
      a.apply(units, matrix);
      backend.transpose(matrix, transposed);
      backend.add(0.5, transposed, 0.5, matrix);
      return matrix;
    } catch (RuntimeException | Error e) {
      matrix.close();
      throw e;
    }
  }

  /**
   * How well given vectors fulfil the eigenvalue equation, by one application.
   *
   * @param values 1 x k
   * @param vectors k x n, rows of norm 1
   * @param norm {@code ‖A‖}
   * @return 1 x k, {@code ‖A v_i − λ_i v_i‖ / ‖A‖}; to be closed by the caller
   */
  public static Matrix residuals(SymmetricOperator a, Matrix values, Matrix vectors, double norm) {
    Backend backend = a.backend();
    try (Matrix images = backend.zeros(a.dtype(), vectors.rows(), vectors.cols())) {
      a.apply(vectors, images);
      return Residuals.of(backend, images, vectors, values.toArray(), norm);
    }
  }

  private static void requireAlike(String operation, SymmetricOperator a, SymmetricOperator b) {
    if (a.size() != b.size() || a.dtype() != b.dtype() || a.backend() != b.backend()) {
      throw new InvalidArgument(operation + " of operators: sizes " + a.size() + " and " + b.size() + ", types "
          + a.dtype() + " and " + b.dtype() + " and the backends must be equal");
    }
  }
}
