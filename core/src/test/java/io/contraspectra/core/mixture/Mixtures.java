package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.random.RandomStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Mixtures and matrices for tests. */
final class Mixtures {

  private Mixtures() {}

  /** K components with weights near 1/K, means of about unit distance, covariances of condition number up to 50. */
  static GaussianMixture random(Backend backend, int components, int dimension, boolean shared, long seed) {
    RandomGenerator random = RandomStreams.of(seed).named("mixture");
    var weights = new double[components];
    for (int k = 0; k < components; k++) {
      weights[k] = 1 + random.nextDouble();
    }
    double sum = Arrays.stream(weights).sum();
    double[] normalised = Arrays.stream(weights).map(weight -> weight / sum).toArray();
    List<Matrix> covariances = new ArrayList<>();
    try (Matrix means = normal(backend, components, dimension, random)) {
      backend.scale(1.2, means);
      for (int k = 0; k < (shared ? 1 : components); k++) {
        covariances.add(covariance(backend, dimension, random));
      }
      return GaussianMixture.of(backend, normalised, means, covariances);
    } finally {
      covariances.forEach(Matrix::close);
    }
  }

  /** {@code QDQᵀ} with variances from 1/7 to 7. */
  private static Matrix covariance(Backend backend, int dimension, RandomGenerator random) {
    try (Matrix q = Stiefel.random(backend, DType.F64, dimension, dimension, random);
        Matrix scaled = backend.copyOf(q, DType.F64);
        Matrix variances = backend.zeros(DType.F64, 1, dimension)) {
      for (int i = 0; i < dimension; i++) {
        variances.set(0, i, Math.pow(7, 2 * random.nextDouble() - 1));
      }
      backend.multiplyRow(variances, scaled, scaled);
      return Products.of(backend, NO, YES, scaled, q);
    }
  }

  static Matrix normal(Backend backend, int rows, int cols, RandomGenerator random) {
    return backend.matrix(rows, cols, RandomDraws.gaussian(random, rows * cols));
  }

  /** {@code AᵀA}, to be closed by the caller. */
  static Matrix gram(Backend backend, Matrix a) {
    return Products.of(backend, YES, NO, a, a);
  }

  /** {@code ‖(I − QQᵀ)M‖/‖M‖} for the frame Q: how much of M's columns is outside its span. */
  static double outside(Backend backend, Matrix frame, Matrix m) {
    try (Matrix inside = Products.of(backend, YES, NO, frame, m); Matrix rest = backend.copyOf(m, DType.F64)) {
      backend.gemm(NO, NO, -1, frame, inside, 1, rest);
      return backend.norm(rest) / backend.norm(m);
    }
  }

  static Matrix identity(Backend backend, int dimension) {
    Matrix identity = backend.zeros(DType.F64, dimension, dimension);
    backend.shiftDiagonal(1, identity);
    return identity;
  }
}
