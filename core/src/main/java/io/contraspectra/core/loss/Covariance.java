package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * The covariance C = Zᵀ H Z/(N − ddof) of the columns of Z, with H = I − 11ᵀ/N, and the way back: a gradient G = dL/dC
 * gives {@code dZ = H Z (G + Gᵀ)/(N − ddof)}. What is K x K is dealt with element by element in between.
 */
final class Covariance {

  private final Backend backend;
  private final double divisor;
  private final Matrix mean;
  private final Matrix centred;
  private final Matrix square;
  private final HostNumbers host = new HostNumbers();

  Covariance(Backend backend, Workspace workspace, DType dtype, long rows, long cols, double ddof) {
    this.backend = backend;
    this.divisor = rows - ddof;
    this.mean = workspace.matrix(dtype, 1, cols);
    this.centred = workspace.matrix(dtype, rows, cols);
    this.square = workspace.matrix(dtype, cols, cols);
  }

  static long bytes(DType dtype, long rows, long cols) {
    return Workspace.bytes(dtype, 1, cols) + Workspace.bytes(dtype, rows, cols) + Workspace.bytes(dtype, cols, cols);
  }

  /** C of Z, K x K row by row at the start of an array that the next call overwrites. */
  double[] of(Matrix z) {
    backend.columnSums(1.0 / z.rows(), z, 0, mean);
    backend.copy(z, centred);
    backend.addRow(-1, mean, centred);
    TiledGemm.gemm(backend, YES, NO, 1 / divisor, centred, centred, 0, square);
    return host.of(square);
  }

  /** H Z of the last {@link #of}; the next one overwrites it. */
  Matrix centred() {
    return centred;
  }

  /** {@code dZ += H Z (G + Gᵀ)/(N − ddof)} with a symmetric G, for the Z of the last {@link #of}. */
  void addGradient(double[] g, Matrix dz) {
    square.copyFromStart(g);
    TiledGemm.gemm(backend, NO, NO, 2 / divisor, centred, square, 1, dz);
  }
}
