package io.contraspectra.core.backend;

import static io.contraspectra.core.backend.Operands.check;
import static io.contraspectra.core.backend.Operands.disjoint;
import static io.contraspectra.core.backend.Operands.holding;
import static io.contraspectra.core.backend.Operands.positive;
import static io.contraspectra.core.backend.Operands.require;

import io.contraspectra.core.matrix.Matrix;

/** Matrix products. */
abstract sealed class ProductOperations permits ElementwiseOperations {

  final Engine engine;

  ProductOperations(Engine engine) {
    this.engine = engine;
  }

  /**
   * {@code C = alpha op(A) op(B) + beta C}, with op(A) of m x k, op(B) of k x n, C of m x n. C is not read when
   * {@code beta} is 0, and must not overlap A or B.
   */
  public void gemm(Transpose ta, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    long inner = ta == Transpose.NO ? a.cols() : a.rows();
    long m = ta == Transpose.NO ? a.rows() : a.cols();
    long n = tb == Transpose.NO ? b.cols() : b.rows();
    require(inner == (tb == Transpose.NO ? b.rows() : b.cols()), "gemm", "the inner sizes of " + name("A", ta) + "·"
        + name("B", tb) + " must be equal", "A", a, "B", b);
    require(c.rows() == m && c.cols() == n, "gemm", "C must be " + m + "x" + n, "A", a, "B", b, "C", c);
    check(engine, "gemm", a, b, c);
    disjoint("gemm", c, a);
    disjoint("gemm", c, b);
    holding(() -> engine.gemm(ta, tb, alpha, a, b, beta, c), a, b, c);
  }

  /**
   * One triangle of the symmetric {@code C = alpha op(A) op(A)ᵀ + beta C}, with op(A) of n x k; the other triangle of C
   * is left as it is. C must not overlap A.
   */
  public void syrk(Triangle triangle, Transpose ta, double alpha, Matrix a, double beta, Matrix c) {
    long n = ta == Transpose.NO ? a.rows() : a.cols();
    require(c.rows() == n && c.cols() == n, "syrk", "C must be " + n + "x" + n, "A", a, "C", c);
    check(engine, "syrk", a, c);
    disjoint("syrk", c, a);
    holding(() -> engine.syrk(triangle, ta, alpha, a, beta, c), a, c);
  }

  /**
   * {@code C = alpha (A ∘ [M ≠ 0]) op(B) + beta C}: a product with an A whose rows {@code iK .. iK+K-1} count as 0
   * wherever row i of the mask is 0, so that what it would multiply there can be left out. C is not read when
   * {@code beta} is 0, and must not overlap an input.
   *
   * @param mask n x m
   * @param repeat K, rows of A for each row of the mask, at least 1
   * @param a nK x m
   * @param b op(B) is m x p
   * @param c nK x p
   */
  public void maskedGemm(
      Matrix mask, int repeat, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    positive("maskedGemm", repeat);
    long inner = tb == Transpose.NO ? b.rows() : b.cols();
    long cols = tb == Transpose.NO ? b.cols() : b.rows();
    require(mask.cols() == a.cols() && a.rows() == mask.rows() * repeat && inner == a.cols()
        && c.rows() == a.rows() && c.cols() == cols, "maskedGemm", "A must be " + mask.rows() * repeat + "x"
        + mask.cols() + ", " + name("B", tb) + " have as many rows as A has columns, and C the shape of their product",
        "the mask", mask, "A", a, "B", b, "C", c);
    check(engine, "maskedGemm", mask, a, b, c);
    for (Matrix input : new Matrix[] {mask, a, b}) {
      disjoint("maskedGemm", c, input);
    }
    holding(() -> engine.maskedGemm(mask, repeat, tb, alpha, a, b, beta, c), mask, a, b, c);
  }

  /**
   * {@code C = (F ⊗ 1) ∘ A Bᵀ + beta C} with the face-splitting products A of G and B of H with the same W (see
   * {@link Backend#faceSplit}), which are never formed: {@code C_(iK+k),(jK+l) = F_ij Σ_m G_im H_jm W_km W_lm + ...}.
   * The sum is the same for (k, l) and (l, k), so it takes half the flops of a product of A and B. C is not read when
   * {@code beta} is 0.
   *
   * @param f n x p
   * @param g n x m; where it is 0 nothing needs to be multiplied
   * @param h p x m
   * @param w K x m
   * @param c nK x pK, must overlap no input
   */
  public void faceSplitGram(Matrix f, Matrix g, Matrix h, Matrix w, double beta, Matrix c) {
    require(g.cols() == w.cols() && h.cols() == w.cols() && f.rows() == g.rows() && f.cols() == h.rows()
        && c.rows() == g.rows() * w.rows() && c.cols() == h.rows() * w.rows(), "faceSplitGram", "G, H and W must"
        + " have equal columns, F be rows(G) x rows(H), and C rows(W) times F in both directions",
        "F", f, "G", g, "H", h, "W", w, "C", c);
    check(engine, "faceSplitGram", f, g, h, w, c);
    for (Matrix input : new Matrix[] {f, g, h, w}) {
      disjoint("faceSplitGram", c, input);
    }
    holding(() -> engine.faceSplitGram(f, g, h, w, beta, c), f, g, h, w, c);
  }

  /** Copies one triangle of the square matrix C onto the other, so that C becomes symmetric. */
  public void mirror(Triangle from, Matrix c) {
    require(c.rows() == c.cols(), "mirror", "C must be square", "C", c);
    check(engine, "mirror", c);
    holding(() -> engine.mirror(from, c), c);
  }

  private static String name(String operand, Transpose t) {
    return t == Transpose.NO ? operand : operand + "ᵀ";
  }
}
