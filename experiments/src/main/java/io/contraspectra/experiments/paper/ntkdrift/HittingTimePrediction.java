package io.contraspectra.experiments.paper.ntkdrift;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.ntk.InfiniteNtk;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;

/**
 * How fast the linear dot-product loss blows a network up, predicted from the infinite-width kernel alone. Outputs grow
 * by {@code 1 + eta λ} a step, with λ the largest eigenvalue of {@code Θ A}, A the loss's Hessian
 * {@code [[0, I, -I], [I, 0, 0], [-I, 0, 0]]/N}; the kernel leaves its neighbourhood when they reach the order of
 * sqrt(M), so hitting times grow like {@code ln M / (2 ln(1 + eta λ))} (ntk.md 3a).
 */
final class HittingTimePrediction {

  private HittingTimePrediction() {}

  /** The predicted rise of the hitting time for each unit of ln M, averaged over the repetitions' data. */
  static double slope(Sweep sweep, DriftSettings settings, Backend backend) {
    double sum = 0;
    for (int repetition = 0; repetition < settings.seeds(); repetition++) {
      var data = new CellStreams(settings.seed(), sweep, 0, repetition).data();
      try (Matrix inputs = sweep.source().draw(data).stacked(backend, DType.F64)) {
        sum += 1 / (2 * Math.log1p(settings.stepSize() * growthRate(sweep, inputs, backend)));
      }
    }
    return sum / settings.seeds();
  }

  /** λ, from the symmetric form {@code Θ^½ A Θ^½}, which has the same eigenvalues. */
  private static double growthRate(Sweep sweep, Matrix inputs, Backend backend) {
    long points = inputs.rows();
    var limit = new InfiniteNtk(sweep.activation(), sweep.hiddenLayers() + 1, 1, 0);
    try (var kernels = limit.kernels(backend, inputs);
        Matrix root = squareRoot(kernels.ntk(), backend);
        Matrix hessian = hessian(points / 3, backend);
        Matrix half = backend.zeros(DType.F64, points, points);
        Matrix product = backend.zeros(DType.F64, points, points)) {
      backend.gemm(NO, NO, 1, root, hessian, 0, half);
      backend.gemm(NO, NO, 1, half, root, 0, product);
      try (EigenPairs pairs = Eigensolver.full(backend, product)) {
        return pairs.values().get(0, 0);
      }
    }
  }

  /** {@code Σ_i sqrt(λ_i) v_i v_iᵀ}; rounding may make the smallest eigenvalues of a kernel slightly negative. */
  private static Matrix squareRoot(Matrix kernel, Backend backend) {
    try (EigenPairs pairs = Eigensolver.full(backend, kernel);
        Matrix scaled = backend.copyOf(pairs.vectors(), DType.F64)) {
      for (long i = 0; i < kernel.rows(); i++) {
        backend.scale(Math.sqrt(Math.max(0, pairs.values().get(0, i))), scaled.rowRange(i, 1));
      }
      Matrix root = backend.zeros(DType.F64, kernel.rows(), kernel.rows());
      backend.gemm(YES, NO, 1, pairs.vectors(), scaled, 0, root);
      return root;
    }
  }

  private static Matrix hessian(long samples, Backend backend) {
    Matrix hessian = backend.zeros(DType.F64, 3 * samples, 3 * samples);
    coupling(hessian, 0, samples, 1.0 / samples, samples, backend);
    coupling(hessian, 0, 2 * samples, -1.0 / samples, samples, backend);
    return hessian;
  }

  private static void coupling(Matrix hessian, long row, long col, double value, long samples, Backend backend) {
    backend.shiftDiagonal(value, hessian.block(row, col, samples, samples));
    backend.shiftDiagonal(value, hessian.block(col, row, samples, samples));
  }
}
