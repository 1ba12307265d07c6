package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * Columns with their mean taken off and divided by s = sqrt(variance + eps), variances with N, and the way back:
 * {@code dX = (G − mean(G) − X̂ mean(G ∘ X̂))/s}, means over rows. A column without variance becomes 0 and gets
 * gradient 0 when eps is 0.
 */
final class StandardisedColumns {

  private final Backend backend;
  private final double eps;
  private final Matrix standardised;
  private final Matrix scratch;
  private final Matrix row;
  private final Matrix inverse;
  private final HostNumbers host = new HostNumbers();

  StandardisedColumns(Backend backend, Workspace workspace, DType dtype, long rows, long cols, double eps) {
    this.backend = backend;
    this.eps = eps;
    this.standardised = workspace.matrix(dtype, rows, cols);
    this.scratch = workspace.matrix(dtype, rows, cols);
    this.row = workspace.matrix(dtype, 1, cols);
    this.inverse = workspace.matrix(dtype, 1, cols);
  }

  static long bytes(DType dtype, long rows, long cols) {
    return 2 * Workspace.bytes(dtype, rows, cols) + 2 * Workspace.bytes(dtype, 1, cols);
  }

  /** X̂ of X; the next call overwrites it. */
  Matrix standardise(Matrix x) {
    double n = x.rows();
    backend.columnSums(1 / n, x, 0, row);
    backend.copy(x, standardised);
    backend.addRow(-1, row, standardised);
    backend.multiply(standardised, standardised, scratch);
    backend.columnSums(1 / n, scratch, 0, row);
    double[] variances = host.of(row);
    for (int k = 0; k < row.cols(); k++) {
      double deviation = Math.sqrt(variances[k] + eps);
      variances[k] = deviation > 0 ? 1 / deviation : 0;
    }
    inverse.copyFromStart(variances);
    backend.multiplyRow(inverse, standardised, standardised);
    return standardised;
  }

  /** Turns the gradient with respect to X̂, in place, into the gradient with respect to X. */
  void pullBack(Matrix gradient) {
    double n = gradient.rows();
    backend.multiply(gradient, standardised, scratch);
    backend.columnSums(1 / n, scratch, 0, row);
    backend.multiplyRow(row, standardised, scratch);
    backend.columnSums(1 / n, gradient, 0, row);
    backend.addRow(-1, row, gradient);
    backend.add(-1, scratch, 1, gradient);
    backend.multiplyRow(inverse, gradient, gradient);
  }
}
