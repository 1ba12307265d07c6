package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.optimize.Objective;

/**
 * Barlow Twins {@code ‖YᵀGY − I‖²} under {@code YᵀDY = I}, without a constraint on Z: {@code Y = Z L⁻ᵀ} for
 * {@code ZᵀDZ = LLᵀ}. Its gradient is {@code 4 (GY − DYA)(A − I) L⁻¹} with {@code A = YᵀGY}. Owns its
 * matrices; close it.
 */
record ConstrainedBarlow(Backend backend, Matrix g, Matrix d) implements Objective, AutoCloseable {

  @Override
  public double evaluate(Matrix z, Matrix gradient) {
    long k = z.cols();
    try (Matrix y = backend.copyOf(z, DType.F64); Matrix l = backend.zeros(DType.F64, k, k);
        Matrix a = backend.zeros(DType.F64, k, k); Matrix gy = backend.zeros(DType.F64, z.rows(), k);
        Matrix dy = backend.zeros(DType.F64, z.rows(), k)) {
      backend.gemm(NO, NO, 1, d, z, 0, dy);
      backend.gemm(YES, NO, 1, z, dy, 0, l);
      backend.cholesky(l);
      backend.solveTriangular(Side.RIGHT, Triangle.LOWER, YES, 1, l, y);
      backend.gemm(NO, NO, 1, g, y, 0, gy);
      backend.gemm(NO, NO, 1, d, y, 0, dy);
      backend.gemm(YES, NO, 1, y, gy, 0, a);
      backend.gemm(NO, NO, -1, dy, a, 1, gy);
      backend.shiftDiagonal(-1, a);
      backend.gemm(NO, NO, 4, gy, a, 0, gradient);
      backend.solveTriangular(Side.RIGHT, Triangle.LOWER, NO, 1, l, gradient);
      return backend.dot(a, a);
    }
  }

  @Override
  public void close() {
    g.close();
    d.close();
  }
}
