package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.optimize.Objective;
import java.util.Arrays;

/**
 * InfoNCE of linear maps on a Gaussian mixture whose components differ in covariance, in the limit of infinitely many
 * pairs and negatives (gmm.md 3, last item):
 *
 * <p>{@code L(A) = −tr(ACAᵀ) + E_x logsumexp_k(log w_k + z·a_k + ½zᵀH_k z)} with {@code z = Ax}, {@code a_k = Aμ_k},
 * {@code H_k = AΣ_kAᵀ}. x enters by z alone, so that quadrature has as many dimensions as the embedding; in the
 * gradient the other directions of x are replaced by their mean given z. With equal covariances it is
 * {@link PopulationInfoNce}.
 *
 * <p>One thread, one loss; close it.
 */
public final class UnequalInfoNce implements Objective, AutoCloseable {

  /** Directions of an embedding with less than this part of the largest variance carry none. */
  private static final double RANK = 1e-24;

  private final GaussianMixture mixture;
  private final Backend backend;
  private final double[] weights;
  private final Matrix cross;
  private final GaussHermite rule;
  private final double[] nodeWeights;

  /**
   * Prepares the loss.
   *
   * @param mixture kept by reference
   * @param delta the probability that the augmentation keeps the component, from 0 to 1
   * @param dimensions r, the dimension of the embedding
   */
  public UnequalInfoNce(GaussianMixture mixture, double delta, int dimensions) {
    GaussianMixture.requireDelta(delta);
    this.mixture = mixture;
    this.backend = mixture.backend();
    this.weights = mixture.weights();
    this.rule = GaussHermite.of(backend, dimensions);
    this.nodeWeights = rule.weights().toArray();
    this.cross = mixture.between();
    backend.scale(delta, cross);
  }

  /** What the map makes of the mixture: a_k in rows (K x r), A Σ_k (r x d) and H_k = A Σ_k Aᵀ (r x r). */
  private record Image(Matrix centres, Matrix[] half, Matrix[] spread) implements AutoCloseable {

    @Override
    public void close() {
      centres.close();
      for (int k = 0; k < half.length; k++) {
        half[k].close();
        spread[k].close();
      }
    }
  }

  /** Nodes z (N x r) of one component, and the means of x given them (N x d). */
  private record Nodes(Matrix z, Matrix x) implements AutoCloseable {

    @Override
    public void close() {
      z.close();
      x.close();
    }
  }

  @Override
  public double evaluate(Matrix a, Matrix gradient) {
    if (a.cols() != mixture.dimension() || a.rows() != rule.nodes().cols()) {
      throw new ShapeMismatch("population InfoNCE: " + a.describe("A") + " must be " + rule.nodes().cols() + "x"
          + mixture.dimension());
    }
    backend.gemm(NO, NO, -2, a, cross, 0, gradient);
    double value = 0.5 * backend.dot(a, gradient);
    try (Image image = image(a)) {
      for (int j = 0; j < weights.length; j++) {
        try (Nodes nodes = nodes(image, j)) {
          value += weights[j] * component(image, nodes, weights[j], gradient);
        }
      }
    }
    return value;
  }

  private Image image(Matrix a) {
    var half = new Matrix[weights.length];
    var spread = new Matrix[weights.length];
    for (int k = 0; k < weights.length; k++) {
      half[k] = Products.of(backend, NO, NO, a, mixture.covariance(k));
      spread[k] = Products.of(backend, NO, YES, half[k], a);
    }
    return new Image(Products.of(backend, NO, YES, mixture.centredMeans(), a), half, spread);
  }

  /** With {@code H_j = LLᵀ}: z = a_j + Lg, and E[x | g] = μ_j + Σ_jAᵀL⁻ᵀg. */
  private Nodes nodes(Image image, int j) {
    Matrix g = rule.nodes();
    try (EigenPairs pairs = Eigensolver.full(backend, image.spread()[j]);
        Matrix root = scaledRows(pairs, false);
        Matrix inverse = scaledRows(pairs, true);
        Matrix regression = Products.of(backend, NO, NO, inverse, image.half()[j])) {
      Matrix z = Products.of(backend, NO, NO, g, root);
      Matrix x = Products.of(backend, NO, NO, g, regression);
      backend.addRow(1, image.centres().rowRange(j, 1), z);
      backend.addRow(1, mixture.centredMeans().rowRange(j, 1), x);
      return new Nodes(z, x);
    }
  }

  /** Lᵀ or L⁻¹: eigenvectors in rows times √λ or 1/√λ, the latter 0 where there is no variance. */
  private Matrix scaledRows(EigenPairs pairs, boolean inverse) {
    double[] values = pairs.values().toArray();
    double floor = RANK * Math.max(0, values[0]);
    Matrix rows = backend.copyOf(pairs.vectors(), DType.F64);
    double[] factors = Arrays.stream(values)
        .map(value -> value <= floor ? 0 : inverse ? 1 / Math.sqrt(value) : Math.sqrt(value)).toArray();
    try (Matrix column = backend.matrix(values.length, 1, factors)) {
      backend.multiplyColumn(column, rows, rows);
      return rows;
    }
  }

  /** {@code E logsumexp} over one component; adds {@code w_j} times its gradient. */
  private double component(Image image, Nodes nodes, double weight, Matrix gradient) {
    try (Matrix p = logits(image, nodes.z())) {
      int k = weights.length;
      double[] rows = p.toArray();
      double value = 0;
      for (int node = 0; node < nodeWeights.length; node++) {
        value += nodeWeights[node] * NarrowSoftmax.row(rows, node * k, k);
        for (int i = node * k; i < (node + 1) * k; i++) {
          rows[i] *= weight * nodeWeights[node];
        }
      }
      p.copyFrom(rows);
      addGradient(image, nodes, p, gradient);
      return value;
    }
  }

  /** {@code log w_k + z·a_k + ½zᵀH_kz}, N x K. */
  private Matrix logits(Image image, Matrix z) {
    Matrix logits = Products.of(backend, NO, YES, z, image.centres());
    try (Matrix logWeights = backend.matrix(1, weights.length, Arrays.stream(weights).map(Math::log).toArray());
        Matrix turned = backend.zeros(DType.F64, z.rows(), z.cols());
        Matrix quadratic = backend.zeros(DType.F64, z.rows(), 1)) {
      backend.addRow(1, logWeights, logits);
      for (int k = 0; k < weights.length; k++) {
        backend.gemm(NO, NO, 1, z, image.spread()[k], 0, turned);
        backend.rowDots(z, turned, quadratic);
        backend.add(0.5, quadratic, 1, logits.block(0, k, logits.rows(), 1));
      }
      return logits;
    }
  }

  /** {@code Σ_ik p_ik [(a_k + H_kz_i)x_iᵀ + z_iμ_kᵀ + z_iz_iᵀAΣ_k]} with the weighted softmax p. */
  private void addGradient(Image image, Nodes nodes, Matrix p, Matrix gradient) {
    Matrix z = nodes.z();
    try (Matrix pull = Products.of(backend, NO, NO, p, image.centres());
        Matrix turned = backend.zeros(DType.F64, z.rows(), z.cols());
        Matrix second = backend.zeros(DType.F64, z.cols(), z.cols());
        Matrix column = backend.zeros(DType.F64, z.rows(), 1)) {
      for (int k = 0; k < weights.length; k++) {
        backend.copy(p.block(0, k, p.rows(), 1), column);
        backend.multiplyColumn(column, z, turned);
        backend.gemm(YES, NO, 1, turned, z, 0, second);
        backend.gemm(NO, NO, 1, second, image.half()[k], 1, gradient);
        backend.gemm(NO, NO, 1, turned, image.spread()[k], 1, pull);
      }
      backend.gemm(YES, NO, 1, pull, nodes.x(), 1, gradient);
      try (Matrix means = Products.of(backend, YES, NO, z, p)) {
        backend.gemm(NO, NO, 1, means, mixture.centredMeans(), 1, gradient);
      }
    }
  }

  @Override
  public void close() {
    rule.close();
    cross.close();
  }
}
