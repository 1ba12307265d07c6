package io.contraspectra.experiments.paper.gmm;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.random.RandomDraws;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The mixtures of gmm.md 3 and 6. Every mixture is closed by the caller. */
final class Models {

  /** Largest over smallest variance of a generic covariance. */
  private static final double CONDITION = 50;

  private Models() {}

  /** Corners of a regular polygon around the origin, the first on the first axis; count x 2. */
  static double[][] polygon(int count, double radius) {
    var corners = new double[count][];
    for (int k = 0; k < count; k++) {
      double angle = 2 * Math.PI * k / count;
      corners[k] = new double[] {radius * Math.cos(angle), radius * Math.sin(angle)};
    }
    return corners;
  }

  /** {@code ±s} on the first axis, 2 x 1. */
  static double[][] opposite(double s) {
    return new double[][] {{s}, {-s}};
  }

  /**
   * Parallel pancakes: variance 1 on the axes that hold the means and {@code noise} on all others, equal weights,
   * turned by a random orthogonal matrix.
   *
   * @param centres K x q
   * @param dimension d, at least q
   */
  static GaussianMixture pancakes(
      Backend backend, double[][] centres, int dimension, double noise, RandomGenerator random) {
    var variances = new double[dimension];
    Arrays.fill(variances, noise);
    Arrays.fill(variances, 0, centres[0].length, 1);
    try (GaussianMixture upright = diagonal(backend, equalWeights(centres.length), centres, variances);
        Matrix turn = Stiefel.random(backend, DType.F64, dimension, dimension, random)) {
      return upright.mapped(turn);
    }
  }

  /** Given weights and centres with unit covariance, turned by a random orthogonal matrix. */
  static GaussianMixture turned(
      Backend backend, double[] weights, double[][] centres, int dimension, RandomGenerator random) {
    var ones = new double[dimension];
    Arrays.fill(ones, 1);
    try (GaussianMixture upright = diagonal(backend, weights, centres, ones);
        Matrix turn = Stiefel.random(backend, DType.F64, dimension, dimension, random)) {
      return upright.mapped(turn);
    }
  }

  /** Means that are a regular simplex of edge {@code side·√2} where a generic covariance is white. */
  static GaussianMixture simplex(
      Backend backend, int components, double side, int dimension, RandomGenerator random) {
    var centres = new double[components][components];
    for (int k = 0; k < components; k++) {
      centres[k][k] = side;
    }
    try (GaussianMixture white = turned(backend, equalWeights(components), centres, dimension, random);
        Matrix scales = backend.matrix(dimension, dimension, diagonalMatrix(deviations(dimension)))) {
      return white.mapped(scales);
    }
  }

  /** Weights within a factor of two, normal means, and a generic covariance. */
  static GaussianMixture random(Backend backend, int components, int dimension, double spread,
      RandomGenerator random) {
    double[] weights = random.doubles(components, 1, 2).toArray();
    double sum = Arrays.stream(weights).sum();
    double[] normalised = Arrays.stream(weights).map(weight -> weight / sum).toArray();
    try (Matrix means = backend.matrix(components, dimension, RandomDraws.gaussian(random, components * dimension));
        Matrix covariance = covariance(backend, dimension, random)) {
      backend.scale(spread, means);
      return GaussianMixture.shared(backend, normalised, means, covariance);
    }
  }

  /** {@code QᵀDQ} with variances evenly spaced in logarithm; to be closed by the caller. */
  static Matrix covariance(Backend backend, int dimension, RandomGenerator random) {
    try (Matrix turn = Stiefel.random(backend, DType.F64, dimension, dimension, random);
        Matrix column = backend.matrix(dimension, 1, deviations(dimension))) {
      backend.multiplyColumn(column, turn, turn);
      return Frames.product(backend, YES, NO, turn, turn);
    }
  }

  /** Standard deviations around 1 whose squares span the condition number. */
  private static double[] deviations(int dimension) {
    var deviations = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      deviations[i] = Math.pow(CONDITION, 0.5 * ((double) i / (dimension - 1) - 0.5));
    }
    return deviations;
  }

  private static GaussianMixture diagonal(
      Backend backend, double[] weights, double[][] centres, double[] variances) {
    try (Matrix means = backend.zeros(DType.F64, centres.length, variances.length);
        Matrix covariance = backend.matrix(variances.length, variances.length, diagonalMatrix(variances))) {
      for (int k = 0; k < centres.length; k++) {
        means.block(k, 0, 1, centres[k].length).copyFrom(centres[k]);
      }
      return GaussianMixture.shared(backend, weights, means, covariance);
    }
  }

  private static double[] diagonalMatrix(double[] entries) {
    var matrix = new double[entries.length * entries.length];
    for (int i = 0; i < entries.length; i++) {
      matrix[i * entries.length + i] = entries[i];
    }
    return matrix;
  }

  static double[] equalWeights(int count) {
    var weights = new double[count];
    Arrays.fill(weights, 1.0 / count);
    return weights;
  }
}
