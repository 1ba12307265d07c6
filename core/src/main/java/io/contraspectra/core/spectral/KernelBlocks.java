package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/**
 * A symmetric kernel of N samples that can be computed block by block. Blocks are pure functions of their place;
 * several threads may ask for different ones at once.
 */
public interface KernelBlocks extends AutoCloseable {

  /** Where the kernel is computed. */
  Backend backend();

  /** Element type of the blocks. */
  DType dtype();

  /** N. */
  long samples();

  /**
   * Overwrites a block with the kernel's entries from (row, col) on.
   *
   * @param block any shape that fits
   */
  void block(long row, long col, Matrix block);

  /** Floating-point operations that one entry takes. */
  double flopsPerEntry();

  @Override
  void close();
}
