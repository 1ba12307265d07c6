package io.contraspectra.core.backend.cuda;

import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.backend.UnaryFunction;
import java.util.Arrays;

/**
 * Launches of the kernels that take every element once; empty outputs launch nothing. Operands of one shape are taken
 * as one row where none of them has gaps.
 */
final class Elementwise {

  private final Kernels kernels;

  Elementwise(Kernels kernels) {
    this.kernels = kernels;
  }

  void copy(Lane lane, Operand x, Operand y) {
    Operand[] all = alike(x, y);
    launch(lane, y, x.dtype() == y.dtype() ? "copy" : "convert").matrices(all).each(all[1].rows(), all[1].cols());
  }

  void fill(Lane lane, double value, Operand y) {
    Operand to = alike(y)[0];
    launch(lane, y, "fill").real(value).matrix(to).each(to.rows(), to.cols());
  }

  void shift(Lane lane, double value, Operand y) {
    Operand to = alike(y)[0];
    launch(lane, y, "shift").real(value).matrix(to).each(to.rows(), to.cols());
  }

  void add(Lane lane, double alpha, Operand x, double beta, Operand y) {
    Operand[] all = alike(x, y);
    Launch launch = beta == 0
        ? launch(lane, y, "scale").real(alpha).matrices(all)
        : launch(lane, y, "add").real(alpha).matrix(all[0]).real(beta).matrix(all[1]);
    launch.each(all[1].rows(), all[1].cols());
  }

  void map(Lane lane, UnaryFunction function, Operand x, Operand y) {
    Operand[] all = alike(x, y);
    launch(lane, y, "map_" + function.name()).matrices(all).each(all[1].rows(), all[1].cols());
  }

  void multiply(Lane lane, Operand x, Operand y, Operand z) {
    Operand[] all = alike(x, y, z);
    launch(lane, z, "multiply").matrices(all).each(all[2].rows(), all[2].cols());
  }

  void multiplyMapped(Lane lane, UnaryFunction function, Operand x, Operand y) {
    Operand[] all = alike(x, y);
    launch(lane, y, "multiply_" + function.name()).matrices(all).each(all[1].rows(), all[1].cols());
  }

  void addRow(Lane lane, double alpha, Operand row, Operand y) {
    launch(lane, y, "addRow").real(alpha).matrices(row, y).each(y.rows(), y.cols());
  }

  void multiplyRepeated(Lane lane, Operand g, Operand b, int repeat) {
    launch(lane, b, "multiplyRepeated").matrices(g, b).integer(repeat).each(b.rows(), b.cols());
  }

  void faceSplit(Lane lane, double alpha, Operand g, Operand w, Operand b) {
    launch(lane, b, "faceSplit").real(alpha).matrices(g, w, b).each(b.rows(), b.cols());
  }

  void outerRows(Lane lane, double alpha, Operand b, Operand a, int repeat, Operand y) {
    launch(lane, y, "outerRows").real(alpha).matrices(b, a).integer(repeat).matrix(y).each(y.rows(), y.cols());
  }

  void addHadamard(Lane lane, Operand f, Operand b, int repeat, Operand c) {
    launch(lane, c, "addHadamard").matrices(f, b).integer(repeat).matrix(c).each(c.rows(), c.cols());
  }

  void addKroneckerIdentity(Lane lane, Operand f, int repeat, Operand c) {
    launch(lane, c, "addKroneckerIdentity").matrix(f).integer(repeat).matrix(c).each(c.rows(), f.cols());
  }

  void shiftDiagonal(Lane lane, double value, Operand y) {
    launch(lane, y, "shiftDiagonal").real(value).matrix(y).each(1, Math.min(y.rows(), y.cols()));
  }

  void mirror(Lane lane, Triangle from, Operand c) {
    launch(lane, c, "mirror").flag(from == Triangle.LOWER).matrix(c).each(c.rows(), c.cols());
  }

  /** One triangle of x and zeros in the other; y may be x. */
  void triangle(Lane lane, Triangle triangle, Operand x, Operand y) {
    launch(lane, y, "triangle").flag(triangle == Triangle.UPPER).matrices(x, y).each(y.rows(), y.cols());
  }

  /** One triangle of C times beta, zeros if beta is 0. */
  void scaleTriangle(Lane lane, Triangle triangle, double beta, Operand c) {
    launch(lane, c, "scaleTriangle").flag(triangle == Triangle.LOWER).real(beta).matrix(c).each(c.rows(), c.cols());
  }

  /** The signs of a diagonal, +1 for zeros, as a row. */
  void signs(Lane lane, Operand x, Operand row) {
    launch(lane, row, "signs").matrices(x, row).each(1, row.cols());
  }

  void softmaxRows(Lane lane, Operand x, Operand logSumExp) {
    launch(lane, x, "softmaxRows").matrices(x, logSumExp).blocks(x.rows());
  }

  /**
   * Row p n + i of S becomes row i of G weighted by w_k w_l, for the pair (k, l) that comes p places after the first.
   */
  void weighPairs(Lane lane, Operand g, Operand w, long first, Operand s) {
    launch(lane, s, "weighPairs").matrices(g, w).integer(first).matrix(s).each(s.rows(), s.cols());
  }

  /** Adds the products of pairs, in P row by row as in S above, to where they belong in C. */
  void addPairs(Lane lane, Operand f, Operand p, long outputs, long first, long last, Operand c) {
    launch(lane, c, "addPairs").matrices(f, p).integer(outputs).integer(first).integer(last).matrix(c)
        .each(c.rows(), c.cols());
  }

  private Launch launch(Lane lane, Operand typed, String name) {
    return kernels.launch(lane, typed.dtype(), name);
  }

  private static Operand[] alike(Operand... operands) {
    return Arrays.stream(operands).allMatch(Operand::isContiguous)
        ? Arrays.stream(operands).map(Operand::flat).toArray(Operand[]::new) : operands;
  }
}
