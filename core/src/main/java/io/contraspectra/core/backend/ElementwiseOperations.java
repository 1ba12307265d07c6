package io.contraspectra.core.backend;

import static io.contraspectra.core.backend.Operands.check;
import static io.contraspectra.core.backend.Operands.disjoint;
import static io.contraspectra.core.backend.Operands.holding;
import static io.contraspectra.core.backend.Operands.positive;
import static io.contraspectra.core.backend.Operands.reachable;
import static io.contraspectra.core.backend.Operands.require;
import static io.contraspectra.core.backend.Operands.sameOrDisjoint;
import static io.contraspectra.core.backend.Operands.sameShape;

import io.contraspectra.core.matrix.Matrix;

/** Operations that touch every element once. An output may be one of the inputs, element for element. */
abstract sealed class ElementwiseOperations extends ProductOperations permits ReductionOperations {

  ElementwiseOperations(Engine engine) {
    super(engine);
  }

  /** {@code Y = X}, rounding or widening where the element types differ. */
  public void copy(Matrix x, Matrix y) {
    sameShape("copy", x, y);
    reachable(engine, "copy", x);
    reachable(engine, "copy", y);
    disjoint("copy", y, x);
    holding(() -> engine.copy(x, y), x, y);
  }

  /** {@code Y = Xᵀ}; Y must not overlap X. */
  public void transpose(Matrix x, Matrix y) {
    require(y.rows() == x.cols() && y.cols() == x.rows(), "transpose", "Y must have the shape of Xᵀ", "X", x, "Y", y);
    check(engine, "transpose", x, y);
    disjoint("transpose", y, x);
    holding(() -> engine.transpose(x, y), x, y);
  }

  /** {@code Y_ij = value}. */
  public void fill(double value, Matrix y) {
    check(engine, "fill", y);
    holding(() -> engine.fill(value, y), y);
  }

  /** {@code Y_ij += value}. */
  public void shift(double value, Matrix y) {
    check(engine, "shift", y);
    holding(() -> engine.shift(value, y), y);
  }

  /** {@code Y = alpha X + beta Y}; Y is not read when {@code beta} is 0. */
  public void add(double alpha, Matrix x, double beta, Matrix y) {
    sameShape("add", x, y);
    check(engine, "add", x, y);
    sameOrDisjoint("add", y, x);
    holding(() -> engine.add(alpha, x, beta, y), x, y);
  }

  /** {@code Y = alpha Y}. */
  public void scale(double alpha, Matrix y) {
    add(alpha, y, 0, y);
  }

  /** {@code Y_ij = f(X_ij)}. */
  public void map(UnaryFunction function, Matrix x, Matrix y) {
    sameShape("map", x, y);
    check(engine, "map", x, y);
    sameOrDisjoint("map", y, x);
    holding(() -> engine.map(function, x, y), x, y);
  }

  /** The Hadamard product {@code Z = X ∘ Y}. */
  public void multiply(Matrix x, Matrix y, Matrix z) {
    sameShape("multiply", x, y);
    sameShape("multiply", x, z);
    check(engine, "multiply", x, y, z);
    sameOrDisjoint("multiply", z, x);
    sameOrDisjoint("multiply", z, y);
    holding(() -> engine.multiply(x, y, z), x, y, z);
  }

  /** {@code Y_ij *= f(X_ij)}, without storing f(X). */
  public void multiplyMapped(UnaryFunction function, Matrix x, Matrix y) {
    sameShape("multiplyMapped", x, y);
    check(engine, "multiplyMapped", x, y);
    sameOrDisjoint("multiplyMapped", y, x);
    holding(() -> engine.multiplyMapped(function, x, y), x, y);
  }

  /** {@code Y_ij += alpha r_j} with the row vector r of 1 x cols. */
  public void addRow(double alpha, Matrix row, Matrix y) {
    rowVector("addRow", row, y);
    check(engine, "addRow", row, y);
    disjoint("addRow", y, row);
    holding(() -> engine.addRow(alpha, row, y), row, y);
  }

  /** {@code Y_ij = r_j X_ij}, i.e. {@code Y = X diag(r)}, with the row vector r of 1 x cols. */
  public void multiplyRow(Matrix row, Matrix x, Matrix y) {
    rowVector("multiplyRow", row, x);
    sameShape("multiplyRow", x, y);
    check(engine, "multiplyRow", row, x, y);
    disjoint("multiplyRow", y, row);
    sameOrDisjoint("multiplyRow", y, x);
    holding(() -> engine.multiplyRow(row, x, y), row, x, y);
  }

  /** {@code Y_ij = c_i X_ij}, i.e. {@code Y = diag(c) X}, with the column vector c of rows x 1. */
  public void multiplyColumn(Matrix column, Matrix x, Matrix y) {
    columnVector("multiplyColumn", column, x);
    sameShape("multiplyColumn", x, y);
    check(engine, "multiplyColumn", column, x, y);
    disjoint("multiplyColumn", y, column);
    sameOrDisjoint("multiplyColumn", y, x);
    holding(() -> engine.multiplyColumn(column, x, y), column, x, y);
  }

  /**
   * {@code B_(iK+k),j *= G_ij} for k = 0..K-1: every row of G (n x m) scales K consecutive rows of B (nK x m).
   *
   * @param repeat K, at least 1
   */
  public void multiplyRepeated(Matrix g, Matrix b, int repeat) {
    positive("multiplyRepeated", repeat);
    require(b.cols() == g.cols() && b.rows() == g.rows() * repeat, "multiplyRepeated",
        "B must have as many columns as G and " + repeat + " times its rows", "G", g, "B", b);
    check(engine, "multiplyRepeated", g, b);
    disjoint("multiplyRepeated", b, g);
    holding(() -> engine.multiplyRepeated(g, b, repeat), g, b);
  }

  /**
   * The face-splitting (row-wise Kronecker) product {@code B_(iK+k),j = alpha G_ij W_kj}, for G of n x m, W of K x m
   * and B of nK x m.
   */
  public void faceSplit(double alpha, Matrix g, Matrix w, Matrix b) {
    require(w.cols() == g.cols() && b.cols() == g.cols() && b.rows() == g.rows() * w.rows(), "faceSplit",
        "B must have as many columns as G and W, and rows(G)·rows(W) rows", "G", g, "W", w, "B", b);
    check(engine, "faceSplit", g, w, b);
    disjoint("faceSplit", b, g);
    disjoint("faceSplit", b, w);
    holding(() -> engine.faceSplit(alpha, g, w, b), g, w, b);
  }

  /**
   * The outer products of rows, each as one row: {@code Y_i,(jq+l) = alpha B_ij A_(i/K),l}, for A of n x q, B of nK x p
   * and Y of nK x pq. Every row of A serves K consecutive rows of B.
   *
   * @param repeat K, at least 1
   */
  public void outerRows(double alpha, Matrix b, Matrix a, int repeat, Matrix y) {
    positive("outerRows", repeat);
    require(b.rows() == a.rows() * repeat && y.rows() == b.rows() && y.cols() == a.cols() * b.cols(), "outerRows",
        "B and Y must have " + repeat + " times the rows of A, and Y cols(A)·cols(B) columns", "B", b, "A", a, "Y", y);
    check(engine, "outerRows", b, a, y);
    disjoint("outerRows", y, b);
    disjoint("outerRows", y, a);
    holding(() -> engine.outerRows(alpha, b, a, repeat, y), b, a, y);
  }

  /**
   * {@code C += (F ⊗ 1) ∘ B} with the K x K matrix of ones: {@code C_(iK+k),(jK+l) += F_ij B_(iK+k),(jK+l)}, for F of
   * n x m and B, C of nK x mK.
   *
   * @param repeat K, at least 1
   */
  public void addHadamard(Matrix f, Matrix b, int repeat, Matrix c) {
    positive("addHadamard", repeat);
    expanded("addHadamard", f, c, repeat);
    sameShape("addHadamard", b, c);
    check(engine, "addHadamard", f, b, c);
    disjoint("addHadamard", c, f);
    sameOrDisjoint("addHadamard", c, b);
    holding(() -> engine.addHadamard(f, b, repeat, c), f, b, c);
  }

  /**
   * {@code C += F ⊗ I}: {@code C_(iK+k),(jK+k) += F_ij}, for F of n x m and C of nK x mK.
   *
   * @param repeat K, at least 1
   */
  public void addKroneckerIdentity(Matrix f, int repeat, Matrix c) {
    positive("addKroneckerIdentity", repeat);
    expanded("addKroneckerIdentity", f, c, repeat);
    check(engine, "addKroneckerIdentity", f, c);
    disjoint("addKroneckerIdentity", c, f);
    holding(() -> engine.addKroneckerIdentity(f, repeat, c), f, c);
  }

  /** {@code Y_ii += value} for every i below both sizes. */
  public void shiftDiagonal(double value, Matrix y) {
    check(engine, "shiftDiagonal", y);
    holding(() -> engine.shiftDiagonal(value, y), y);
  }

  /**
   * Replaces every row by its softmax, {@code X_ij = exp(X_ij - c_i)}, and stores {@code c_i = log Σ_j exp X_ij} in the
   * column vector c of rows x 1. Shifted by the row's maximum, so that nothing overflows; -inf entries become 0.
   */
  public void softmaxRows(Matrix x, Matrix logSumExp) {
    columnVector("softmaxRows", logSumExp, x);
    check(engine, "softmaxRows", x, logSumExp);
    disjoint("softmaxRows", logSumExp, x);
    holding(() -> engine.softmaxRows(x, logSumExp), x, logSumExp);
  }

  private static void expanded(String operation, Matrix f, Matrix c, int repeat) {
    require(c.rows() == f.rows() * repeat && c.cols() == f.cols() * repeat, operation,
        "C must be " + repeat + " times F in both directions", "F", f, "C", c);
  }

  static void rowVector(String operation, Matrix row, Matrix x) {
    require(row.rows() == 1 && row.cols() == x.cols(), operation, "the row vector must be 1x" + x.cols(), "r", row,
        "X", x);
  }

  static void columnVector(String operation, Matrix column, Matrix x) {
    require(column.cols() == 1 && column.rows() == x.rows(), operation, "the column vector must be " + x.rows() + "x1",
        "c", column, "X", x);
  }
}
