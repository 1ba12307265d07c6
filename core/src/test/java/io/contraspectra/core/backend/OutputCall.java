package io.contraspectra.core.backend;

import static io.contraspectra.core.backend.Accuracy.ELEMENTWISE;
import static io.contraspectra.core.backend.Accuracy.PRODUCT;
import static io.contraspectra.core.backend.Accuracy.REDUCTION;
import static io.contraspectra.core.backend.OutputCall.Output.BLENDED;
import static io.contraspectra.core.backend.OutputCall.Output.UPDATED;
import static io.contraspectra.core.backend.OutputCall.Output.WRITTEN;
import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static io.contraspectra.core.backend.Triangle.LOWER;
import static io.contraspectra.core.backend.Triangle.UPPER;

import io.contraspectra.core.matrix.Matrix;
import java.util.List;
import java.util.function.Function;

/**
 * The calls that write a matrix. Every entry of every output is a sum of products of operands and factors, so the same
 * call on absolute values gives the scale on which its rounding errors are measured. In the table below, a call is made
 * on backend b with sizes s, factors p (alpha) and q (beta), and operands x.
 */
enum OutputCall implements BackendCall {
  GEMM("gemm", PRODUCT, BLENDED, s -> shapes(s.m(), s.k(), s.k(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.gemm(NO, NO, p, x[0], x[1], q, x[2])),
  GEMM_SECOND_TRANSPOSED("gemm", PRODUCT, BLENDED, s -> shapes(s.m(), s.k(), s.n(), s.k(), s.m(), s.n()),
      (b, s, p, q, x) -> b.gemm(NO, YES, p, x[0], x[1], q, x[2])),
  GEMM_FIRST_TRANSPOSED("gemm", PRODUCT, BLENDED, s -> shapes(s.k(), s.m(), s.k(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.gemm(YES, NO, p, x[0], x[1], q, x[2])),
  GEMM_BOTH_TRANSPOSED("gemm", PRODUCT, BLENDED, s -> shapes(s.k(), s.m(), s.n(), s.k(), s.m(), s.n()),
      (b, s, p, q, x) -> b.gemm(YES, YES, p, x[0], x[1], q, x[2])),
  GEMM_OF_ITSELF("gemm", PRODUCT, BLENDED, s -> shapes(s.m(), s.k(), s.m(), s.m()),
      (b, s, p, q, x) -> b.gemm(NO, YES, p, x[0], x[0], q, x[1])),
  SYRK_LOWER("syrk", PRODUCT, BLENDED, s -> shapes(s.m(), s.k(), s.m(), s.m()),
      (b, s, p, q, x) -> b.syrk(LOWER, NO, p, x[0], q, x[1])),
  SYRK_UPPER("syrk", PRODUCT, BLENDED, s -> shapes(s.m(), s.k(), s.m(), s.m()),
      (b, s, p, q, x) -> b.syrk(UPPER, NO, p, x[0], q, x[1])),
  SYRK_LOWER_TRANSPOSED("syrk", PRODUCT, BLENDED, s -> shapes(s.k(), s.m(), s.m(), s.m()),
      (b, s, p, q, x) -> b.syrk(LOWER, YES, p, x[0], q, x[1])),
  SYRK_UPPER_TRANSPOSED("syrk", PRODUCT, BLENDED, s -> shapes(s.k(), s.m(), s.m(), s.m()),
      (b, s, p, q, x) -> b.syrk(UPPER, YES, p, x[0], q, x[1])),
  GROUPED_GEMM("groupedGemm", PRODUCT, BLENDED,
      s -> shapes(s.m() * s.repeat(), s.k(), s.k(), s.n(), s.m() * s.repeat(), s.n()),
      (b, s, p, q, x) -> b.groupedGemm(s.repeat(), NO, p, x[0], x[1], q, x[2])),
  GROUPED_GEMM_TRANSPOSED("groupedGemm", PRODUCT, BLENDED,
      s -> shapes(s.m() * s.repeat(), s.k(), s.n(), s.k(), s.m() * s.repeat(), s.n()),
      (b, s, p, q, x) -> b.groupedGemm(s.repeat(), YES, p, x[0], x[1], q, x[2])),
  BIT_GEMM("bitGemm", PRODUCT, BLENDED, s -> shapes(s.m(), s.k(), s.k(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.bitGemm(NO, x[0], x[1], q, x[2])),
  BIT_GEMM_TRANSPOSED("bitGemm", PRODUCT, BLENDED, s -> shapes(s.k(), s.m(), s.k(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.bitGemm(YES, x[0], x[1], q, x[2])),
  MASKED_GEMM("maskedGemm", PRODUCT, WRITTEN,
      s -> shapes(1, s.k(), s.m(), s.k(), s.n(), s.k(), s.m(), s.n()),
      (b, s, p, q, x) -> b.maskedGemm(x[0], x[1], x[2], x[3])),
  MASKED_SYRK("maskedSyrk", PRODUCT, UPDATED, s -> shapes(1, s.k(), s.m(), s.k(), s.m(), s.m()),
      (b, s, p, q, x) -> b.maskedSyrk(x[0], x[1], x[2])),
  FACE_SPLIT_GRAM("faceSplitGram", PRODUCT, WRITTEN,
      s -> shapes(s.m(), s.n(), s.m(), s.k(), s.n(), s.k(), s.repeat(), s.k(), s.m() * s.repeat(), s.n() * s.repeat()),
      (b, s, p, q, x) -> b.faceSplitGram(x[0], x[1], x[2], x[3], x[4])),
  FACE_SPLIT_GRAM_AND_IDENTITY("faceSplitGram", PRODUCT, WRITTEN,
      s -> shapes(s.m(), s.n(), s.m(), s.k(), s.n(), s.k(), s.repeat(), s.k(), s.m(), s.n(),
          s.m() * s.repeat(), s.n() * s.repeat()),
      (b, s, p, q, x) -> b.faceSplitGram(x[0], x[1], x[2], x[3], x[4], x[5])),
  MIRROR_LOWER("mirror", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.m()), (b, s, p, q, x) -> b.mirror(LOWER, x[0])),
  MIRROR_UPPER("mirror", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.m()), (b, s, p, q, x) -> b.mirror(UPPER, x[0])),

  TRANSPOSE("transpose", ELEMENTWISE, WRITTEN, s -> shapes(s.n(), s.m(), s.m(), s.n()),
      (b, s, p, q, x) -> b.transpose(x[0], x[1])),
  COPY("copy", ELEMENTWISE, WRITTEN, s -> shapes(s.m(), s.n(), s.m(), s.n()), (b, s, p, q, x) -> b.copy(x[0], x[1])),
  FILL("fill", ELEMENTWISE, WRITTEN, s -> shapes(s.m(), s.n()), (b, s, p, q, x) -> b.fill(p, x[0])),
  SHIFT("shift", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n()), (b, s, p, q, x) -> b.shift(p, x[0])),
  SHIFT_DIAGONAL("shiftDiagonal", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n()),
      (b, s, p, q, x) -> b.shiftDiagonal(p, x[0])),
  SCALE("add", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n()), (b, s, p, q, x) -> b.scale(p, x[0])),
  ADD("add", ELEMENTWISE, BLENDED, s -> shapes(s.m(), s.n(), s.m(), s.n()), (b, s, p, q, x) -> b.add(p, x[0], q, x[1])),
  ADD_IN_PLACE("add", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n()), (b, s, p, q, x) -> b.add(p, x[0], q, x[0])),
  MAP("map", ELEMENTWISE, WRITTEN, s -> shapes(s.m(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.map(UnaryFunction.RELU, x[0], x[1])),
  MAP_IN_PLACE("map", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n()),
      (b, s, p, q, x) -> b.map(UnaryFunction.RELU, x[0], x[0])),
  MULTIPLY("multiply", ELEMENTWISE, WRITTEN, s -> shapes(s.m(), s.n(), s.m(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.multiply(x[0], x[1], x[2])),
  MULTIPLY_INTO_FIRST("multiply", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.multiply(x[1], x[0], x[1])),
  MULTIPLY_INTO_SECOND("multiply", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.multiply(x[0], x[1], x[1])),
  MULTIPLY_SQUARE_IN_PLACE("multiply", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n()),
      (b, s, p, q, x) -> b.multiply(x[0], x[0], x[0])),
  MULTIPLY_MAPPED("multiplyMapped", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.multiplyMapped(UnaryFunction.STEP, x[0], x[1])),
  MULTIPLY_MAPPED_IN_PLACE("multiplyMapped", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n()),
      (b, s, p, q, x) -> b.multiplyMapped(UnaryFunction.SOFTPLUS, x[0], x[0])),
  ADD_ROW("addRow", ELEMENTWISE, UPDATED, s -> shapes(1, s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.addRow(p, x[0], x[1])),
  MULTIPLY_ROW("multiplyRow", ELEMENTWISE, WRITTEN, s -> shapes(1, s.n(), s.m(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.multiplyRow(x[0], x[1], x[2])),
  MULTIPLY_ROW_IN_PLACE("multiplyRow", ELEMENTWISE, UPDATED, s -> shapes(1, s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.multiplyRow(x[0], x[1], x[1])),
  MULTIPLY_COLUMN("multiplyColumn", ELEMENTWISE, WRITTEN, s -> shapes(s.m(), 1, s.m(), s.n(), s.m(), s.n()),
      (b, s, p, q, x) -> b.multiplyColumn(x[0], x[1], x[2])),
  MULTIPLY_COLUMN_IN_PLACE("multiplyColumn", ELEMENTWISE, UPDATED, s -> shapes(s.m(), 1, s.m(), s.n()),
      (b, s, p, q, x) -> b.multiplyColumn(x[0], x[1], x[1])),
  MULTIPLY_REPEATED("multiplyRepeated", ELEMENTWISE, UPDATED, s -> shapes(s.m(), s.n(), s.m() * s.repeat(), s.n()),
      (b, s, p, q, x) -> b.multiplyRepeated(x[0], x[1], s.repeat())),
  FACE_SPLIT("faceSplit", ELEMENTWISE, WRITTEN,
      s -> shapes(s.m(), s.n(), s.repeat(), s.n(), s.m() * s.repeat(), s.n()),
      (b, s, p, q, x) -> b.faceSplit(p, x[0], x[1], x[2])),
  OUTER_ROWS("outerRows", ELEMENTWISE, WRITTEN,
      s -> shapes(s.m() * s.repeat(), s.k(), s.m(), s.n(), s.m() * s.repeat(), s.k() * s.n()),
      (b, s, p, q, x) -> b.outerRows(p, x[0], x[1], s.repeat(), x[2])),
  ADD_HADAMARD("addHadamard", ELEMENTWISE, UPDATED,
      s -> shapes(s.m(), s.n(), s.m() * s.repeat(), s.n() * s.repeat(), s.m() * s.repeat(), s.n() * s.repeat()),
      (b, s, p, q, x) -> b.addHadamard(x[0], x[1], s.repeat(), x[2])),
  ADD_HADAMARD_IN_PLACE("addHadamard", ELEMENTWISE, UPDATED,
      s -> shapes(s.m(), s.n(), s.m() * s.repeat(), s.n() * s.repeat()),
      (b, s, p, q, x) -> b.addHadamard(x[0], x[1], s.repeat(), x[1])),
  ADD_KRONECKER_IDENTITY("addKroneckerIdentity", ELEMENTWISE, UPDATED,
      s -> shapes(s.m(), s.n(), s.m() * s.repeat(), s.n() * s.repeat()),
      (b, s, p, q, x) -> b.addKroneckerIdentity(x[0], s.repeat(), x[1])),

  ROW_DOTS("rowDots", REDUCTION, WRITTEN, s -> shapes(s.m(), s.n(), s.m(), s.n(), s.m(), 1),
      (b, s, p, q, x) -> b.rowDots(x[0], x[1], x[2])),
  ROW_DOTS_OF_ITSELF("rowDots", REDUCTION, WRITTEN, s -> shapes(s.m(), s.n(), s.m(), 1),
      (b, s, p, q, x) -> b.rowDots(x[0], x[0], x[1])),
  COLUMN_SUMS("columnSums", REDUCTION, BLENDED, s -> shapes(s.m(), s.n(), 1, s.n()),
      (b, s, p, q, x) -> b.columnSums(p, x[0], q, x[1]));

  /** What becomes of the last operand. */
  enum Output {
    /** Overwritten without being read. */
    WRITTEN,
    /** Read unless beta is 0. */
    BLENDED,
    /** Read, at least in part. */
    UPDATED
  }

  @FunctionalInterface
  private interface Body {
    void run(Backend backend, Sizes sizes, double alpha, double beta, Matrix[] operands);
  }

  private final String operation;
  private final Accuracy accuracy;
  private final Output output;
  private final Function<Sizes, List<Shape>> shapes;
  private final Body body;

  OutputCall(String operation, Accuracy accuracy, Output output, Function<Sizes, List<Shape>> shapes, Body body) {
    this.operation = operation;
    this.accuracy = accuracy;
    this.output = output;
    this.shapes = shapes;
    this.body = body;
  }

  Accuracy accuracy() {
    return accuracy;
  }

  /** Whether the output's content before the call must not matter. */
  boolean ignoresOutput(double beta) {
    return output == WRITTEN || output == BLENDED && beta == 0;
  }

  @Override
  public String operation() {
    return operation;
  }

  @Override
  public List<Shape> shapes(Sizes sizes) {
    return shapes.apply(sizes);
  }

  @Override
  public double run(Backend backend, Sizes sizes, double alpha, double beta, Matrix... operands) {
    body.run(backend, sizes, alpha, beta, operands);
    return 0;
  }

  private static List<Shape> shapes(int... rowsAndCols) {
    var shapes = new Shape[rowsAndCols.length / 2];
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] = new Shape(rowsAndCols[2 * i], rowsAndCols[2 * i + 1]);
    }
    return List.of(shapes);
  }
}
