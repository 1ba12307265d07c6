package io.contraspectra.core.backend;

import static io.contraspectra.core.backend.Operands.check;
import static io.contraspectra.core.backend.Operands.disjoint;
import static io.contraspectra.core.backend.Operands.holding;
import static io.contraspectra.core.backend.Operands.require;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.matrix.NotPositiveDefinite;

/**
 * Factorisations, in place where that is natural. Non-finite operands are refused with the place of the first bad
 * entry ({@link NonFinite}).
 */
abstract sealed class FactorisationOperations extends ReductionOperations permits Backend {

  FactorisationOperations(Engine engine) {
    super(engine);
  }

  /**
   * The eigendecomposition {@code A = Σ_i λ_i v_i v_iᵀ} of a symmetric matrix, by divide and conquer. Reads the lower
   * triangle.
   *
   * @param a n x n; row i is overwritten with the eigenvector v_i
   * @param values 1 x n, overwritten with the eigenvalues, ascending
   * @throws NonFinite if A holds a NaN or an infinity
   * @throws NotConverged if the algorithm fails, which is not known to happen on finite input
   */
  public void eigh(Matrix a, Matrix values) {
    require(a.rows() == a.cols(), "eigh", "A must be square", "A", a);
    require(values.rows() == 1 && values.cols() == a.rows(), "eigh", "the eigenvalues need a 1x" + a.rows() + " row",
        "A", a, "values", values);
    check(engine, "eigh", a, values);
    disjoint("eigh", values, a);
    holding(() -> {
      finite("eigh: A", a);
      engine.eigh(a, values);
    }, a, values);
  }

  /**
   * Some eigenpairs of a symmetric matrix, chosen by their place in the ascending order. Cheaper than {@link #eigh} if
   * they are few. Reads the lower triangle.
   *
   * @param a n x n, destroyed
   * @param first the place of the first eigenvalue wanted, from 0
   * @param values 1 x k with {@code first + k <= n}, overwritten with the eigenvalues, ascending
   * @param vectors k x n, row i is overwritten with the eigenvector of value i
   * @throws NotConverged if the algorithm fails, which is not known to happen on finite input
   */
  public void eighRange(Matrix a, long first, Matrix values, Matrix vectors) {
    require(a.rows() == a.cols(), "eighRange", "A must be square", "A", a);
    long count = values.cols();
    require(values.rows() == 1 && vectors.rows() == count && vectors.cols() == a.cols(), "eighRange",
        "k eigenvalues need a row of 1xk and vectors of kx" + a.cols(), "A", a, "values", values, "vectors", vectors);
    require(first >= 0 && count <= a.rows() && first <= a.rows() - count, "eighRange", "places " + first + " to "
        + (first + count - 1) + " of " + a.rows() + " eigenvalues were asked for", "A", a, "values", values);
    check(engine, "eighRange", a, values, vectors);
    disjoint("eighRange", values, a);
    disjoint("eighRange", vectors, a);
    disjoint("eighRange", vectors, values);
    holding(() -> {
      finite("eighRange: A", a);
      engine.eighRange(a, first, values, vectors);
    }, a, values, vectors);
  }

  /**
   * The thin singular value decomposition {@code A = U diag(s) V} with r = min(m, n) singular values.
   *
   * @param a m x n, destroyed
   * @param u m x r, overwritten: orthonormal columns
   * @param values 1 x r, overwritten with the singular values, descending
   * @param v r x n, overwritten: orthonormal rows, the right singular vectors
   * @throws NotConverged if the algorithm fails, which is not known to happen on finite input
   */
  public void svd(Matrix a, Matrix u, Matrix values, Matrix v) {
    long r = Math.min(a.rows(), a.cols());
    require(u.rows() == a.rows() && u.cols() == r && values.rows() == 1 && values.cols() == r && v.rows() == r
        && v.cols() == a.cols(), "svd", "U must be " + a.rows() + "x" + r + ", the values 1x" + r + " and V " + r + "x"
        + a.cols(), "A", a, "U", u, "values", values, "V", v);
    check(engine, "svd", a, u, values, v);
    Matrix[] outputs = {u, values, v};
    for (int i = 0; i < outputs.length; i++) {
      disjoint("svd", outputs[i], a);
      for (int j = 0; j < i; j++) {
        disjoint("svd", outputs[i], outputs[j]);
      }
    }
    holding(() -> {
      finite("svd: A", a);
      engine.svd(a, u, values, v);
    }, a, u, values, v);
  }

  /**
   * {@code A = Q R} with orthonormal columns in Q and a diagonal of R that is nowhere negative, which makes both unique
   * for A of full rank. Where A has not full rank, Q is orthonormal all the same.
   *
   * @param a m x n with m ≥ n, overwritten with Q
   * @param r n x n, overwritten with the upper triangular factor, zeros below
   */
  public void qr(Matrix a, Matrix r) {
    require(a.rows() >= a.cols(), "qr", "A must have at least as many rows as columns; see lq", "A", a);
    require(r.rows() == a.cols() && r.cols() == a.cols(), "qr", "R must be " + a.cols() + "x" + a.cols(), "A", a, "R",
        r);
    check(engine, "qr", a, r);
    disjoint("qr", r, a);
    holding(() -> {
      finite("qr: A", a);
      engine.qr(a, r);
    }, a, r);
  }

  /**
   * {@code A = L Q} with orthonormal rows in Q and a diagonal of L that is nowhere negative: {@link #qr} of vectors
   * that are rows.
   *
   * @param a k x n with k ≤ n, overwritten with Q
   * @param l k x k, overwritten with the lower triangular factor, zeros above
   */
  public void lq(Matrix a, Matrix l) {
    require(a.rows() <= a.cols(), "lq", "A must have at least as many columns as rows; see qr", "A", a);
    require(l.rows() == a.rows() && l.cols() == a.rows(), "lq", "L must be " + a.rows() + "x" + a.rows(), "A", a, "L",
        l);
    check(engine, "lq", a, l);
    disjoint("lq", l, a);
    holding(() -> {
      finite("lq: A", a);
      engine.lq(a, l);
    }, a, l);
  }

  /**
   * {@code A = L Lᵀ} of a symmetric positive definite matrix. Reads the lower triangle.
   *
   * @param a n x n, overwritten with L, zeros above the diagonal
   * @throws NotPositiveDefinite with the order of the first minor that is not positive; A is destroyed then
   */
  public void cholesky(Matrix a) {
    require(a.rows() == a.cols(), "cholesky", "A must be square", "A", a);
    check(engine, "cholesky", a);
    holding(() -> {
      finite("cholesky: A", a);
      long order = engine.cholesky(a);
      if (order > 0) {
        throw new NotPositiveDefinite("cholesky: " + a.describe("A") + " is not positive definite: its leading minor of"
            + " order " + order + " is not positive; add a ridge to the diagonal, or work on the range of A", order);
      }
    }, a);
  }

  /**
   * {@code B = alpha op(T)⁻¹ B} or {@code B = alpha B op(T)⁻¹} with a triangular T. A zero on the diagonal of T gives
   * infinities.
   *
   * @param side where T stands
   * @param triangle the half of T that is read
   * @param t square, of B's rows on the left and B's columns on the right
   * @param b overwritten with the solution; must not overlap T
   */
  public void solveTriangular(Side side, Triangle triangle, Transpose tt, double alpha, Matrix t, Matrix b) {
    long order = side == Side.LEFT ? b.rows() : b.cols();
    require(t.rows() == order && t.cols() == order, "solveTriangular", "T must be " + order + "x" + order + " on the "
        + (side == Side.LEFT ? "left" : "right"), "T", t, "B", b);
    check(engine, "solveTriangular", t, b);
    disjoint("solveTriangular", b, t);
    holding(() -> engine.solveTriangular(side, triangle, tt, alpha, t, b), t, b);
  }

  private void finite(String operand, Matrix a) {
    long bad = engine.firstNonFinite(a);
    if (bad >= 0) {
      throw new NonFinite(operand, bad / a.cols(), bad % a.cols());
    }
  }
}
