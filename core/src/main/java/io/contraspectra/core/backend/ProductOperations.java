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
    product("gemm", ta, tb, a, b, c);
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
   * {@code C = alpha A op(B) + beta C} as {@link #gemm}, for an A whose rows {@code iK .. iK+K-1} are mostly 0 in the
   * same columns: what would be multiplied there can be left out, so that 0 times infinity may count as 0.
   *
   * @param repeat K, at least 1; divides the rows of A
   */
  public void groupedGemm(int repeat, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    positive("groupedGemm", repeat);
    require(a.rows() % repeat == 0, "groupedGemm", "the rows of A must be a multiple of " + repeat, "A", a);
    product("groupedGemm", Transpose.NO, tb, a, b, c);
    holding(() -> engine.groupedGemm(repeat, tb, alpha, a, b, beta, c), a, b, c);
  }

  /**
   * {@code C = op(A) B + beta C} as {@link #gemm}, for an A of zeros and ones, of which whole patterns can be
   * multiplied at once. Any other A is multiplied at the rate of a gemm.
   */
  public void bitGemm(Transpose ta, Matrix a, Matrix b, double beta, Matrix c) {
    product("bitGemm", ta, Transpose.NO, a, b, c);
    holding(() -> engine.bitGemm(ta, a, b, beta, c), a, b, c);
  }

  /**
   * {@code C = A Bᵀ}, which is faster for some engines if every entry of A and B is 0 or the value {@code v_m} of its
   * column m: masks times values, as the slopes of rectifiers times weights are. Other operands are as right.
   *
   * @param v 1 x k, the values
   * @param a m x k
   * @param b n x k
   * @param c m x n, must overlap no input
   */
  public void maskedGemm(Matrix v, Matrix a, Matrix b, Matrix c) {
    values("maskedGemm", v, a);
    product("maskedGemm", Transpose.NO, Transpose.YES, a, b, c);
    disjoint("maskedGemm", c, v);
    holding(() -> engine.maskedGemm(v, a, b, c), v, a, b, c);
  }

  /**
   * The upper triangle of {@code C = A Aᵀ} for such an A; what is below the diagonal is left as it is.
   *
   * @param v 1 x k, the values
   * @param a n x k
   * @param c n x n, must overlap no input
   */
  public void maskedSyrk(Matrix v, Matrix a, Matrix c) {
    values("maskedSyrk", v, a);
    require(c.rows() == a.rows() && c.cols() == a.rows(), "maskedSyrk", "C must be " + a.rows() + "x" + a.rows(),
        "A", a, "C", c);
    check(engine, "maskedSyrk", v, a, c);
    disjoint("maskedSyrk", c, a);
    disjoint("maskedSyrk", c, v);
    holding(() -> engine.maskedSyrk(v, a, c), v, a, c);
  }

  private void values(String operation, Matrix v, Matrix a) {
    require(v.rows() == 1 && v.cols() == a.cols(), operation, "V must be 1x" + a.cols(), "V", v, "A", a);
    check(engine, operation, v, a);
  }

  /**
   * {@code C = (F ⊗ 1) ∘ A Bᵀ} with the face-splitting products A of G and B of H with the same W (see
   * {@link Backend#faceSplit}), which are never formed: {@code C_(iK+k),(jK+l) = F_ij Σ_m G_im H_jm W_km W_lm}.
   * The sum is the same for (k, l) and (l, k), so it takes half the flops of a product of A and B.
   *
   * @param f n x p
   * @param g n x m; where it is 0 nothing needs to be multiplied
   * @param h p x m
   * @param w K x m
   * @param c nK x pK, must overlap no input
   */
  public void faceSplitGram(Matrix f, Matrix g, Matrix h, Matrix w, Matrix c) {
    checkFaceSplitGram(f, g, h, w, c);
    holding(() -> engine.faceSplitGram(f, g, h, w, null, c), f, g, h, w, c);
  }

  /**
   * As {@link #faceSplitGram(Matrix, Matrix, Matrix, Matrix, Matrix)}, with {@code E ⊗ I} added while the result is
   * written: {@code C = (F ⊗ 1) ∘ A Bᵀ + E ⊗ I}.
   *
   * @param e n x p
   */
  public void faceSplitGram(Matrix f, Matrix g, Matrix h, Matrix w, Matrix e, Matrix c) {
    checkFaceSplitGram(f, g, h, w, c);
    require(e.rows() == f.rows() && e.cols() == f.cols(), "faceSplitGram", "E must have the shape of F",
        "E", e, "F", f);
    check(engine, "faceSplitGram", e, c);
    disjoint("faceSplitGram", c, e);
    holding(() -> engine.faceSplitGram(f, g, h, w, e, c), f, g, h, w, e, c);
  }

  private void checkFaceSplitGram(Matrix f, Matrix g, Matrix h, Matrix w, Matrix c) {
    require(g.cols() == w.cols() && h.cols() == w.cols() && f.rows() == g.rows() && f.cols() == h.rows()
        && c.rows() == g.rows() * w.rows() && c.cols() == h.rows() * w.rows(), "faceSplitGram", "G, H and W must"
        + " have equal columns, F be rows(G) x rows(H), and C rows(W) times F in both directions",
        "F", f, "G", g, "H", h, "W", w, "C", c);
    check(engine, "faceSplitGram", f, g, h, w, c);
    for (Matrix input : new Matrix[] {f, g, h, w}) {
      disjoint("faceSplitGram", c, input);
    }
  }

  /** Copies one triangle of the square matrix C onto the other, so that C becomes symmetric. */
  public void mirror(Triangle from, Matrix c) {
    require(c.rows() == c.cols(), "mirror", "C must be square", "C", c);
    check(engine, "mirror", c);
    holding(() -> engine.mirror(from, c), c);
  }

  private void product(String operation, Transpose ta, Transpose tb, Matrix a, Matrix b, Matrix c) {
    long inner = ta == Transpose.NO ? a.cols() : a.rows();
    long m = ta == Transpose.NO ? a.rows() : a.cols();
    long n = tb == Transpose.NO ? b.cols() : b.rows();
    require(inner == (tb == Transpose.NO ? b.rows() : b.cols()), operation, "the inner sizes of " + name("A", ta) + "·"
        + name("B", tb) + " must be equal", "A", a, "B", b);
    require(c.rows() == m && c.cols() == n, operation, "C must be " + m + "x" + n, "A", a, "B", b, "C", c);
    check(engine, operation, a, b, c);
    disjoint(operation, c, a);
    disjoint(operation, c, b);
  }

  private static String name(String operand, Transpose t) {
    return t == Transpose.NO ? operand : operand + "ᵀ";
  }
}
