package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.optimize.Objective;

/**
 * InfoNCE of dot products with a softmax over all samples, itself included:
 * {@code −(1/N) Σ_ij P_ij log softmax_j(z_i·z_j)}. The catalogue's losses leave i itself out.
 *
 * @param p N x N, rows that sum to 1
 */
record SelfInfoNce(Backend backend, Matrix p) implements Objective {

  @Override
  public double evaluate(Matrix z, Matrix gradient) {
    long n = z.rows();
    try (Matrix s = backend.zeros(DType.F64, n, n); Matrix logSums = backend.zeros(DType.F64, n, 1)) {
      backend.gemm(NO, YES, 1, z, z, 0, s);
      double attraction = backend.dot(p, s);
      backend.softmaxRows(s, logSums);
      backend.add(-1, p, 1, s);
      backend.gemm(NO, NO, 1.0 / n, s, z, 0, gradient);
      backend.gemm(YES, NO, 1.0 / n, s, z, 1, gradient);
      return (backend.sum(logSums) - attraction) / n;
    }
  }
}
