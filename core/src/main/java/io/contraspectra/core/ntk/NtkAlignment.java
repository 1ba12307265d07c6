package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.operator.EigenPairs;

/** How well a kernel fits labels: what lies along its leading eigenvectors is what gradient descent learns first. */
public final class NtkAlignment {

  private NtkAlignment() {}

  /**
   * Shares of the labels along eigenvectors, {@code ‖v_i Y‖² / ‖Y‖²}; over all eigenvectors they sum up to 1.
   *
   * @param pairs of the kernel, vectors of NK or of N components
   * @param labels N x K
   * @return one share for every pair, in their order; zeros for labels that are 0
   */
  public static double[] shares(Backend backend, EigenPairs pairs, Matrix labels) {
    Matrix vectors = pairs.vectors();
    Matrix columns = vectors.cols() == labels.rows() ? labels : flat(vectors.cols(), labels);
    double largest = backend.maxAbs(labels);
    try (Matrix unit = backend.copyOf(columns, labels.dtype());
        Matrix products = backend.zeros(labels.dtype(), vectors.rows(), columns.cols());
        Matrix squares = backend.zeros(labels.dtype(), vectors.rows(), 1)) {
      backend.scale(largest > 0 ? 1 / largest : 1, unit);
      backend.gemm(NO, NO, 1, vectors, unit, 0, products);
      backend.rowDots(products, products, squares);
      double whole = backend.dot(unit, unit);
      double[] shares = squares.toArray();
      for (int i = 0; i < shares.length; i++) {
        shares[i] = whole > 0 ? shares[i] / whole : 0;
      }
      return shares;
    }
  }

  private static Matrix flat(long size, Matrix labels) {
    if (labels.size() != size) {
      throw new ShapeMismatch("alignment: " + labels.describe("the labels") + " must have " + size
          + " rows, or as many entries");
    }
    return labels.reshape(size, 1);
  }

  /**
   * The kernel-target alignment {@code <Theta, Y Yᵀ> / (‖Theta‖ ‖Y Yᵀ‖)} in Frobenius norms (Cristianini et al. 2001).
   *
   * @param kernel N x N
   * @param labels N x K
   * @return from 0 to 1 for positive semi-definite kernels; NaN if the kernel or the labels are 0
   */
  public static double withTarget(Backend backend, Matrix kernel, Matrix labels) {
    if (kernel.rows() != labels.rows() || kernel.cols() != labels.rows()) {
      throw new ShapeMismatch("alignment: " + kernel.describe("the kernel") + " must be N x N for "
          + labels.describe("the labels"));
    }
    try (Matrix image = backend.zeros(labels.dtype(), labels.rows(), labels.cols());
        Matrix gram = backend.zeros(labels.dtype(), labels.cols(), labels.cols())) {
      backend.gemm(NO, NO, 1, kernel, labels, 0, image);
      // ‖Y Yᵀ‖ = ‖Yᵀ Y‖, and the second is small.
      backend.gemm(YES, NO, 1, labels, labels, 0, gram);
      return backend.dot(image, labels) / (backend.norm(kernel) * backend.norm(gram));
    }
  }
}
