package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import io.contraspectra.core.network.Propagation;

/** The slow way to a kernel: one gradient for each sample and output, stacked to a Jacobian, then J Jᵀ. */
final class ExplicitJacobian {

  private ExplicitJacobian() {}

  /** The NK x P Jacobian, row {@code n*K + k}; to be closed by the caller. */
  static Matrix of(Network network, Matrix x) {
    Backend backend = network.backend();
    long outputs = network.architecture().outputs();
    Matrix jacobian = backend.zeros(network.dtype(), x.rows() * outputs, network.architecture().parameters());
    try (var batch = new Propagation(network, x.rows());
        Matrix unit = backend.zeros(network.dtype(), x.rows(), outputs)) {
      batch.forward(x);
      for (long row = 0; row < jacobian.rows(); row++) {
        backend.fill(0, unit);
        unit.set(row / outputs, row % outputs, 1);
        batch.gradient(unit, new Parameters(network.architecture(), jacobian.rowRange(row, 1)));
      }
    }
    return jacobian;
  }

  /** J Jᵀ; to be closed by the caller. */
  static Matrix gram(Backend backend, Matrix jacobian) {
    return gram(backend, jacobian, jacobian);
  }

  /** J J'ᵀ; to be closed by the caller. */
  static Matrix gram(Backend backend, Matrix left, Matrix right) {
    Matrix gram = backend.zeros(left.dtype(), left.rows(), right.rows());
    backend.gemm(Transpose.NO, Transpose.YES, 1, left, right, 0, gram);
    return gram;
  }

  /** {@code (1/K) Σ_k J_k J'_kᵀ}; to be closed by the caller. */
  static Matrix trace(Backend backend, Matrix left, Matrix right, int outputs) {
    Matrix rows = bySample(left, outputs);
    Matrix cols = bySample(right, outputs);
    Matrix gram = backend.zeros(left.dtype(), rows.rows(), cols.rows());
    backend.gemm(Transpose.NO, Transpose.YES, 1.0 / outputs, rows, cols, 0, gram);
    return gram;
  }

  private static Matrix bySample(Matrix jacobian, int outputs) {
    return jacobian.reshape(jacobian.rows() / outputs, jacobian.cols() * outputs);
  }
}
