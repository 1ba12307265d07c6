package io.contraspectra.core.backend;

import static io.contraspectra.core.backend.Operands.check;
import static io.contraspectra.core.backend.Operands.disjoint;
import static io.contraspectra.core.backend.Operands.sameShape;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import java.util.function.DoubleSupplier;

/**
 * Sums and extremes. Sums are accumulated in double precision in fixed blocks and a fixed tree, so that a result
 * depends on the numbers and the shape only, never on the number of threads.
 */
abstract sealed class ReductionOperations extends ElementwiseOperations permits FactorisationOperations {

  ReductionOperations(Engine engine) {
    super(engine);
  }

  /** {@code Σ_ij X_ij}. */
  public double sum(Matrix x) {
    check(engine, "sum", x);
    return reduced(() -> engine.sum(x), x);
  }

  /** The Frobenius inner product {@code Σ_ij X_ij Y_ij}. */
  public double dot(Matrix x, Matrix y) {
    sameShape("dot", x, y);
    check(engine, "dot", x, y);
    return reduced(() -> engine.dot(x, y), x, y);
  }

  /** The Frobenius norm {@code ‖X‖}. Entries beyond about 1e154 overflow, as in any plain sum of squares. */
  public double norm(Matrix x) {
    return Math.sqrt(dot(x, x));
  }

  /** The Frobenius distance {@code ‖X − Y‖}, without cancellation between the two norms. */
  public double distance(Matrix x, Matrix y) {
    sameShape("distance", x, y);
    check(engine, "distance", x, y);
    return Math.sqrt(reduced(() -> engine.sumSquaredDifferences(x, y), x, y));
  }

  /** {@code max_ij |X_ij|}; 0 for an empty matrix, NaN if any entry is NaN. */
  public double maxAbs(Matrix x) {
    check(engine, "maxAbs", x);
    return reduced(() -> engine.maxAbs(x), x);
  }

  /**
   * Throws if an entry is NaN or infinite.
   *
   * @param operand what X is, for the message, e.g. {@code "loss: F"}
   * @throws NonFinite with the position of the first such entry
   */
  public void requireFinite(String operand, Matrix x) {
    check(engine, operand, x);
    long[] first = {-1};
    Operands.holding(() -> first[0] = engine.firstNonFinite(x), x);
    if (first[0] >= 0) {
      throw new NonFinite(operand, first[0] / x.cols(), first[0] % x.cols());
    }
  }

  /** {@code c_i = Σ_j X_ij Y_ij} into the column vector c of rows x 1, which must not overlap X or Y. */
  public void rowDots(Matrix x, Matrix y, Matrix column) {
    sameShape("rowDots", x, y);
    columnVector("rowDots", column, x);
    check(engine, "rowDots", x, y, column);
    disjoint("rowDots", column, x);
    disjoint("rowDots", column, y);
    Operands.holding(() -> engine.rowDots(x, y, column), x, y, column);
  }

  /** {@code r_j = alpha Σ_i X_ij + beta r_j} into the row vector r of 1 x cols, which must not overlap X. */
  public void columnSums(double alpha, Matrix x, double beta, Matrix row) {
    rowVector("columnSums", row, x);
    check(engine, "columnSums", x, row);
    disjoint("columnSums", row, x);
    Operands.holding(() -> engine.columnSums(alpha, x, beta, row), x, row);
  }

  private static double reduced(DoubleSupplier call, Matrix... operands) {
    var result = new double[1];
    Operands.holding(() -> result[0] = call.getAsDouble(), operands);
    return result[0];
  }
}
