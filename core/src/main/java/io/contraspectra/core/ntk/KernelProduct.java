package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.Matrix;

/** Products of one kernel with blocks of vectors, with the memory that they need. One thread at a time; close it. */
interface KernelProduct extends AutoCloseable {

  /**
   * {@code Y = X Thetaᵀ}.
   *
   * @param x b x N'K for the kernel of all outputs, b x N' for the trace kernel
   * @param y b x NK or b x N, overwritten; must not overlap X
   */
  void apply(Matrix x, Matrix y);

  @Override
  void close();
}
