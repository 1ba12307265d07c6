package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * The division of rows by their norms, and its derivative: for u = f/‖f‖, {@code df = (du − <du, u> u)/‖f‖}. Rows
 * without a direction become 0 and get gradient 0, never 1/eps.
 */
final class CosineRows {

  private final Backend backend;
  private final Matrix unit;
  private final Matrix inverseNorms;
  private final Matrix column;
  private final Matrix scratch;
  private final HostNumbers host = new HostNumbers();

  CosineRows(Backend backend, Workspace workspace, DType dtype, long rows, long cols) {
    this.backend = backend;
    this.unit = workspace.matrix(dtype, rows, cols);
    this.inverseNorms = workspace.matrix(dtype, rows, 1);
    this.column = workspace.matrix(dtype, rows, 1);
    this.scratch = workspace.matrix(dtype, rows, cols);
  }

  /**
   * Refuses embeddings among which there is no angle.
   *
   * @throws InvalidArgument for cosines of one-dimensional embeddings
   */
  static void requireDirections(Similarity similarity, long outputs, String loss) {
    if (similarity == Similarity.COS && outputs < 2) {
      throw new InvalidArgument(loss + " needs embeddings of at least 2 dimensions, got " + outputs
          + ": in one dimension every cosine is +1 or -1 and the gradient is 0");
    }
  }

  static long bytes(DType dtype, long rows, long cols) {
    return 2 * Workspace.bytes(dtype, rows, cols) + 2 * Workspace.bytes(dtype, rows, 1);
  }

  /** Divides each row of F by its norm; the result is overwritten by the next call. */
  Matrix normalise(Matrix f) {
    backend.rowDots(f, f, column);
    backend.map(UnaryFunction.INVERSE_NORM, column, inverseNorms);
    backend.multiplyColumn(inverseNorms, f, unit);
    return unit;
  }

  /** The unit rows of the last {@link #normalise}; zeros before the first. */
  Matrix unit() {
    return unit;
  }

  /** Turns the gradient with respect to the unit rows, in place, into the gradient with respect to F. */
  void pullBack(Matrix gradient) {
    backend.rowDots(gradient, unit, column);
    backend.multiplyColumn(column, unit, scratch);
    backend.add(-1, scratch, 1, gradient);
    backend.multiplyColumn(inverseNorms, gradient, gradient);
  }

  /** How many rows of the last {@link #normalise} had no direction. */
  long zeroRows() {
    long count = 0;
    double[] inverses = host.of(inverseNorms);
    for (int i = 0; i < inverseNorms.rows(); i++) {
      count += inverses[i] == 0 ? 1 : 0;
    }
    return count;
  }
}
