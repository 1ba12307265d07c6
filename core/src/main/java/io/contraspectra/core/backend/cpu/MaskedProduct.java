package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/** Products of masks times values by {@link MaskTables}, where these are faster than BLAS. */
final class MaskedProduct {

  // Below this many multiply-adds packing and tables, and the compiler's time, are no longer small beside the product.
  private static final double LEAST_WORK = 1 << 28;
  private static final long LEAST_SAMPLES = 64;

  private MaskedProduct() {}

  /**
   * {@code C = A Bᵀ}, or its upper triangle.
   *
   * @param v 1 x k, the value of every column
   * @return false, with nothing written, where BLAS is to multiply
   */
  static boolean into(Workers workers, KernelSet kernels, Matrix v, Matrix a, Matrix b, boolean upper, Matrix c) {
    workers.requireOpen();
    return pays(kernels, a, b) && new MaskTables(HostMatrix.of(v), (int) a.cols()).into(
        HostMatrix.of(a), (int) a.rows(), HostMatrix.of(b), (int) b.rows(), upper, HostMatrix.of(c));
  }

  // Whole matrices of more samples than a tile has are left to all threads of BLAS.
  private static boolean pays(KernelSet kernels, Matrix a, Matrix b) {
    return a.dtype() == DType.F32 && kernels.strips(DType.F32).isPresent() && Workers.working()
        && Math.min(a.rows(), b.rows()) >= LEAST_SAMPLES
        && (double) a.size() * b.rows() >= LEAST_WORK && Math.max(a.size(), b.size()) <= Integer.MAX_VALUE;
  }
}
