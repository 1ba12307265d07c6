package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Two modalities whose components k and l come together with probability W_kl; given them, {@code x ~ N(μ_k, S_V)} and
 * {@code y ~ N(ν_l, S_T)} are independent (gmm.md 5). The marginals are Gaussian mixtures with shared covariances.
 *
 * <p>Owns its marginals; close it. Immutable, reading is thread-safe.
 */
public final class ClipMixture implements AutoCloseable {

  private static final double ROUNDING = 1e-6;

  private final Backend backend;
  private final double[] joint;
  private final GaussianMixture images;
  private final GaussianMixture texts;

  /**
   * Builds the model.
   *
   * @param joint W, K_V x K_T, not negative and of sum 1 (to 1e-6; the rest is taken away), no row or column zero
   * @param imageMeans K_V x d_V
   * @param imageCovariance d_V x d_V, symmetric positive definite
   * @param textMeans K_T x d_T
   * @param textCovariance d_T x d_T, symmetric positive definite
   */
  public ClipMixture(Backend backend, Matrix joint, Matrix imageMeans, Matrix imageCovariance, Matrix textMeans,
      Matrix textCovariance) {
    if (joint.rows() != imageMeans.rows() || joint.cols() != textMeans.rows()) {
      throw new ShapeMismatch("CLIP mixture: " + joint.describe("the joint law ") + " must have a row for each of "
          + imageMeans.describe("the image means ") + " and a column for each of " + textMeans.describe("the text means "));
    }
    this.backend = backend;
    this.joint = law(joint.toArray());
    int rows = Math.toIntExact(joint.rows());
    int cols = Math.toIntExact(joint.cols());
    var imageWeights = new double[rows];
    var textWeights = new double[cols];
    for (int i = 0; i < this.joint.length; i++) {
      imageWeights[i / cols] += this.joint[i];
      textWeights[i % cols] += this.joint[i];
    }
    this.images = GaussianMixture.shared(backend, imageWeights, imageMeans, imageCovariance);
    try {
      this.texts = GaussianMixture.shared(backend, textWeights, textMeans, textCovariance);
    } catch (RuntimeException | Error e) {
      images.close();
      throw e;
    }
  }

  private static double[] law(double[] joint) {
    double sum = Arrays.stream(joint).sum();
    if (!Arrays.stream(joint).allMatch(weight -> weight >= 0) || !(Math.abs(sum - 1) <= ROUNDING)) {
      throw new InvalidArgument("CLIP mixture: the joint law sums to " + sum
          + "; its entries must not be negative and sum to 1, divide them by their sum");
    }
    return Arrays.stream(joint).map(weight -> weight / sum).toArray();
  }

  /** Where it computes. */
  public Backend backend() {
    return backend;
  }

  /** The marginal mixture of x; owned by this model. */
  public GaussianMixture images() {
    return images;
  }

  /** The marginal mixture of y; owned by this model. */
  public GaussianMixture texts() {
    return texts;
  }

  /** {@code C = E[x yᵀ]} of the centred data, {@code MuᵀW Nu}, d_V x d_T; the caller closes it. */
  public Matrix cross() {
    try (Matrix law = backend.matrix(images.components(), texts.components(), joint);
        Matrix half = Products.of(backend, YES, NO, images.centredMeans(), law)) {
      return Products.of(backend, NO, NO, half, texts.centredMeans());
    }
  }

  /**
   * Independent pairs.
   *
   * @param count n, at least 1
   * @return x of n x d_V and y of n x d_T, as first and second views
   */
  public MixturePairs pairs(int count, RandomGenerator random) {
    if (count < 1) {
      throw new InvalidArgument("CLIP mixture: " + count + " pairs; at least 1 is needed");
    }
    var imageLabels = new int[count];
    var textLabels = new int[count];
    for (int i = 0; i < count; i++) {
      int cell = cell(random.nextDouble());
      imageLabels[i] = cell / texts.components();
      textLabels[i] = cell % texts.components();
    }
    return new MixturePairs(images.sample(imageLabels, random), texts.sample(textLabels, random), imageLabels,
        textLabels);
  }

  private int cell(double uniform) {
    double rest = uniform;
    int last = 0;
    for (int i = 0; i < joint.length; i++) {
      if (joint[i] > 0) {
        last = i;
        rest -= joint[i];
        if (rest < 0) {
          return i;
        }
      }
    }
    return last;
  }

  /** The model of (Vx, Ty): maps V of m x d_V and T of n x d_T, of full row rank. Close it. */
  ClipMixture mapped(Matrix imageMap, Matrix textMap) {
    return new ClipMixture(backend, joint, images.mapped(imageMap), texts.mapped(textMap));
  }

  private ClipMixture(Backend backend, double[] joint, GaussianMixture images, GaussianMixture texts) {
    this.backend = backend;
    this.joint = joint;
    this.images = images;
    this.texts = texts;
  }

  /** A d_V x d_T matrix of zeros, to be closed by the caller. */
  Matrix zeroMap() {
    return backend.zeros(DType.F64, images.dimension(), texts.dimension());
  }

  @Override
  public void close() {
    images.close();
    texts.close();
  }
}
