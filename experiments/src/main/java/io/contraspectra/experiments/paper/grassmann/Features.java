package io.contraspectra.experiments.paper.grassmann;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Random features {@code φ(x) = tanh(Ωᵀx)/√M} of all views of n samples, and what the kernel model needs of them
 * (grassmann.md 6). Close it.
 *
 * @param phi 3n x M: the features of the samples, the positives, the negatives
 * @param kernel {@code K = ΦΦᵀ}, 3n x 3n
 * @param coupling S, 3n x 3n: {@code S0 + S0ᵀ} with 1/n between sample and positive, −1/n between sample and negative
 */
record Features(Backend backend, Matrix phi, Matrix kernel, Matrix coupling) implements AutoCloseable {

  static Features random(Views views, int width, RandomGenerator random) {
    Backend backend = views.backend();
    long n = views.x().rows();
    Matrix phi = backend.zeros(DType.F64, 3 * n, width);
    try (Matrix omega = backend.zeros(DType.F64, Views.DIMENSION, width)) {
      omega.copyFrom(RandomDraws.gaussian(random, Views.DIMENSION * width));
      Matrix[] parts = {views.x(), views.positives(), views.negatives()};
      for (int i = 0; i < parts.length; i++) {
        backend.gemm(NO, NO, 1, parts[i], omega, 0, phi.rowRange(i * n, n));
      }
    }
    backend.map(UnaryFunction.TANH, phi, phi);
    backend.scale(1 / Math.sqrt(width), phi);
    return of(backend, phi);
  }

  /** Takes over the features of all views, 3n x M. */
  static Features of(Backend backend, Matrix phi) {
    Matrix kernel = backend.zeros(DType.F64, phi.rows(), phi.rows());
    backend.gemm(NO, YES, 1, phi, phi, 0, kernel);
    return new Features(backend, phi, kernel, coupling(backend, phi.rows() / 3));
  }

  private static Matrix coupling(Backend backend, long n) {
    Matrix s = backend.zeros(DType.F64, 3 * n, 3 * n);
    for (int view = 1; view <= 2; view++) {
      double value = (view == 1 ? 1.0 : -1.0) / n;
      backend.shiftDiagonal(value, s.block(0, view * n, n, n));
      backend.shiftDiagonal(value, s.block(view * n, 0, n, n));
    }
    return s;
  }

  /** One of the three views' features, n x M; a view. */
  Matrix part(int which) {
    return phi.rowRange(which * phi.rows() / 3, phi.rows() / 3);
  }

  /** {@code F = ΦW}, 3n x z; the caller closes it. */
  Matrix outputs(Matrix w) {
    Matrix f = backend.zeros(DType.F64, phi.rows(), w.cols());
    backend.gemm(NO, NO, 1, phi, w, 0, f);
    return f;
  }

  /** {@code −tr(WᵀCW) = −½tr(FᵀSF)} of outputs F. */
  double objective(Matrix f) {
    try (Matrix coupled = backend.zeros(DType.F64, f.rows(), f.cols())) {
      backend.gemm(NO, NO, 1, coupling, f, 0, coupled);
      return -0.5 * backend.dot(f, coupled);
    }
  }

  /**
   * The objective of readouts in an orthonormal basis of the features' span, of 3n dimensions whatever the width: with
   * {@code K = QQᵀ} it has {@code A = QᵀSQ}, and so the eigenvalues of {@code ΦᵀSΦ}. The caller closes it.
   */
  TraceObjective reduced() {
    long n = kernel.rows();
    try (Matrix factor = backend.copyOf(kernel, DType.F64);
        Matrix values = backend.zeros(DType.F64, 1, n);
        Matrix roots = backend.zeros(DType.F64, n, 1);
        Matrix half = backend.zeros(DType.F64, n, n);
        Matrix c = backend.zeros(DType.F64, n, n)) {
      backend.eigh(factor, values);
      roots.copyFrom(Arrays.stream(values.toArray()).map(value -> Math.sqrt(Math.max(0, value))).toArray());
      backend.multiplyColumn(roots, factor, factor);
      backend.gemm(NO, NO, 0.5, factor, coupling, 0, half);
      backend.gemm(NO, YES, 1, half, factor, 0, c);
      return TraceObjective.of(backend, c);
    }
  }

  @Override
  public void close() {
    phi.close();
    kernel.close();
    coupling.close();
  }
}
