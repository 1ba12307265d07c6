package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotPositiveDefinite;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.random.RandomDraws;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A mixture of K Gaussians N(μ_k, Σ_k) in d dimensions with weights w_k, the covariance shared or one for each
 * component (gmm.md 1). All numbers are f64.
 *
 * <p>Theory speaks of centred data, so moments and losses use the centred means {@code μ_k − Σ w_k μ_k}; samples have
 * the means as given. Owns its matrices; close it. Immutable, reading is thread-safe.
 */
public final class GaussianMixture implements AutoCloseable {

  /** How far the sum of weights may be from 1, as it is when they were printed with few digits. */
  private static final double WEIGHT_ROUNDING = 1e-6;

  private static final double ASYMMETRY = 1e-8;

  private final Backend backend;
  private final double[] weights;
  private final Matrix means;
  private final Matrix centredMeans;
  private final Matrix[] covariances;
  private final Matrix[] roots;

  private GaussianMixture(Backend backend, double[] weights, Matrix means, List<Matrix> covariances) {
    this.backend = backend;
    this.weights = normalised(weights);
    this.means = backend.copyOf(means, DType.F64);
    this.centredMeans = backend.copyOf(means, DType.F64);
    this.covariances = new Matrix[covariances.size()];
    this.roots = new Matrix[covariances.size()];
    try {
      centre();
      for (int k = 0; k < covariances.size(); k++) {
        this.covariances[k] = backend.copyOf(covariances.get(k), DType.F64);
        this.roots[k] = backend.copyOf(covariances.get(k), DType.F64);
        backend.cholesky(roots[k]);
      }
    } catch (NotPositiveDefinite e) {
      close();
      throw new InvalidArgument("Gaussian mixture: a covariance is singular, its leading minor of order " + e.order()
          + " is not positive; give positive definite covariances, or project the data onto their range first");
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * A mixture whose components share one covariance.
   *
   * @param weights K positive numbers of sum 1 (to 1e-6; the rest is taken away)
   * @param means K x d, one component a row
   * @param covariance d x d, symmetric positive definite
   */
  public static GaussianMixture shared(Backend backend, double[] weights, Matrix means, Matrix covariance) {
    return of(backend, weights, means, List.of(covariance));
  }

  /**
   * A mixture.
   *
   * @param covariances K matrices d x d, or one that all components share; symmetric positive definite
   * @see #shared
   */
  public static GaussianMixture of(Backend backend, double[] weights, Matrix means, List<Matrix> covariances) {
    requireWeights(weights);
    if (means.rows() != weights.length || means.cols() == 0) {
      throw new ShapeMismatch("Gaussian mixture: " + means.describe("the means ") + " must have one row for each of the "
          + weights.length + " weights, and at least one column");
    }
    backend.requireFinite("Gaussian mixture: the means", means);
    if (covariances.size() != 1 && covariances.size() != weights.length) {
      throw new ShapeMismatch("Gaussian mixture: " + covariances.size() + " covariances for " + weights.length
          + " components; give one for all, or one for each");
    }
    covariances.forEach(covariance -> requireCovariance(backend, covariance, means));
    return new GaussianMixture(backend, weights, means, covariances);
  }

  private static void requireWeights(double[] weights) {
    double sum = Arrays.stream(weights).sum();
    if (weights.length == 0 || !Arrays.stream(weights).allMatch(weight -> weight > 0)
        || !(Math.abs(sum - 1) <= WEIGHT_ROUNDING)) {
      throw new InvalidArgument("Gaussian mixture: weights " + Arrays.toString(weights) + " of sum " + sum
          + "; they must be positive and sum to 1, divide them by their sum");
    }
  }

  private static void requireCovariance(Backend backend, Matrix covariance, Matrix means) {
    if (covariance.rows() != means.cols() || covariance.cols() != means.cols()) {
      throw new ShapeMismatch("Gaussian mixture: " + covariance.describe("the covariance ") + " must be "
          + means.cols() + "x" + means.cols() + ", as " + means.describe("the means ") + " have " + means.cols()
          + " dimensions");
    }
    backend.requireFinite("Gaussian mixture: the covariance", covariance);
    try (Matrix transposed = backend.copyOf(covariance, covariance.dtype())) {
      backend.transpose(covariance, transposed);
      if (backend.distance(covariance, transposed) > ASYMMETRY * backend.norm(covariance)) {
        throw new InvalidArgument("Gaussian mixture: " + covariance.describe("the covariance ")
            + " is not symmetric; pass (S + Sᵀ)/2 if that is meant");
      }
    }
  }

  private static double[] normalised(double[] weights) {
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / sum).toArray();
  }

  private void centre() {
    try (Matrix row = backend.matrix(1, weights.length, weights);
        Matrix mean = backend.zeros(DType.F64, 1, means.cols())) {
      backend.gemm(NO, NO, 1, row, means, 0, mean);
      backend.addRow(-1, mean, centredMeans);
    }
  }

  /** Where it computes. */
  public Backend backend() {
    return backend;
  }

  /** K. */
  public int components() {
    return weights.length;
  }

  /** d. */
  public int dimension() {
    return Math.toIntExact(means.cols());
  }

  /** w_k, positive and of sum 1. */
  public double[] weights() {
    return weights.clone();
  }

  /** Whether all components have the same covariance. */
  public boolean isShared() {
    return covariances.length == 1;
  }

  /** {@code μ_k − Σ_j w_j μ_j}, K x d; owned by the mixture. */
  public Matrix centredMeans() {
    return centredMeans;
  }

  /** Σ_k, d x d; owned by the mixture. */
  public Matrix covariance(int component) {
    return covariances[isShared() ? 0 : component];
  }

  /** The within-component covariance {@code Σ w_k Σ_k}, d x d; the caller closes it. */
  public Matrix within() {
    Matrix within = backend.zeros(DType.F64, means.cols(), means.cols());
    for (int k = 0; k < weights.length; k++) {
      backend.add(weights[k], covariance(k), 1, within);
    }
    return within;
  }

  /** The between-component covariance {@code B = Σ w_k μ_k μ_kᵀ} of the centred means, d x d; the caller closes it. */
  public Matrix between() {
    Matrix between = backend.zeros(DType.F64, means.cols(), means.cols());
    try (Matrix weighted = backend.copyOf(centredMeans, DType.F64);
        Matrix column = backend.matrix(weights.length, 1, weights)) {
      backend.multiplyColumn(column, weighted, weighted);
      backend.gemm(YES, NO, 1, centredMeans, weighted, 0, between);
      return between;
    }
  }

  /** The covariance {@code T = Σ w_k Σ_k + B} of the mixture, d x d; the caller closes it. */
  public Matrix total() {
    Matrix total = between();
    try (Matrix within = within()) {
      backend.add(1, within, 1, total);
      return total;
    }
  }

  /**
   * The mixture of Wx for x of this one: its means and covariances are {@code Wμ_k} and {@code WΣ_kWᵀ}. Close it.
   *
   * @param map W, m x d of rank m
   */
  public GaussianMixture mapped(Matrix map) {
    var images = new Matrix[covariances.length];
    try (Matrix centres = backend.zeros(DType.F64, means.rows(), map.rows());
        Matrix half = backend.zeros(DType.F64, map.rows(), means.cols())) {
      backend.gemm(NO, YES, 1, means, map, 0, centres);
      for (int k = 0; k < images.length; k++) {
        images[k] = backend.zeros(DType.F64, map.rows(), map.rows());
        backend.gemm(NO, NO, 1, map, covariances[k], 0, half);
        backend.gemm(NO, YES, 1, half, map, 0, images[k]);
      }
      return new GaussianMixture(backend, weights, centres, List.of(images));
    } finally {
      closeAll(images);
    }
  }

  /**
   * Independent samples.
   *
   * @param labels the component of each, from 0 to K − 1
   * @return n x d, to be closed by the caller
   */
  public Matrix sample(int[] labels, RandomGenerator random) {
    int d = dimension();
    double[] numbers = RandomDraws.gaussian(random, Math.multiplyExact(labels.length, d));
    Matrix samples = backend.zeros(DType.F64, labels.length, d);
    try (Matrix normal = backend.matrix(labels.length, d, numbers)) {
      for (int i = 0; i < labels.length; i++) {
        backend.copy(means.rowRange(labels[i], 1), samples.rowRange(i, 1));
      }
      if (isShared()) {
        backend.gemm(NO, YES, 1, normal, roots[0], 1, samples);
        return samples;
      }
      for (int i = 0; i < labels.length; i++) {
        backend.gemm(NO, YES, 1, normal.rowRange(i, 1), roots[labels[i]], 1, samples.rowRange(i, 1));
      }
      return samples;
    }
  }

  /** Components drawn by their weights. */
  public int[] labels(int count, RandomGenerator random) {
    var labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = label(random.nextDouble());
    }
    return labels;
  }

  private int label(double uniform) {
    double rest = uniform;
    for (int k = 0; k < weights.length - 1; k++) {
      rest -= weights[k];
      if (rest < 0) {
        return k;
      }
    }
    return weights.length - 1;
  }

  /**
   * Pairs of samples: the second is another draw of the same component with probability {@code delta}, and of a fresh
   * component otherwise (gmm.md 1).
   *
   * @param count n, at least 1
   * @param delta from 0 to 1; 1 for the clean augmentation
   */
  public MixturePairs pairs(int count, double delta, RandomGenerator random) {
    requireDelta(delta);
    if (count < 1) {
      throw new InvalidArgument("Gaussian mixture: " + count + " pairs; at least 1 is needed");
    }
    int[] labels = labels(count, random);
    int[] fresh = labels(count, random);
    for (int i = 0; i < count; i++) {
      if (random.nextDouble() < delta) {
        fresh[i] = labels[i];
      }
    }
    return new MixturePairs(sample(labels, random), sample(fresh, random), labels, fresh);
  }

  static void requireDelta(double delta) {
    if (!(delta >= 0 && delta <= 1)) {
      throw new InvalidArgument("augmentation keeps the component with probability delta = " + delta
          + "; it must be from 0 to 1");
    }
  }

  @Override
  public void close() {
    means.close();
    centredMeans.close();
    closeAll(covariances);
    closeAll(roots);
  }

  private static void closeAll(Matrix... matrices) {
    for (Matrix matrix : matrices) {
      if (matrix != null) {
        matrix.close();
      }
    }
  }
}
