package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import java.util.Arrays;

/**
 * {@code E_x log E_y exp(xᵀMy)} of two mixtures with shared covariances, x with T = S + B and y, and its gradient
 * (gmm.md 2, 5):
 *
 * <p>{@code ½tr(M S_y Mᵀ T_x) + Σ_j w_j E_g logsumexp_k(log v_k + s_jk(g))}, where the logits
 * {@code s_j = NMᵀ(m_j + S_x^½ g)} have noise in the span of y's means N alone, so that the expectation is an
 * integral over q dimensions, q the rank of N. The gradient is
 * {@code T_x M S_y + Σ_j w_j [m_j Ē_jᵀN + S_x M Nᵀ(diag Ē_j − Q_j)N]} with {@code Ē = E[p], Q = E[ppᵀ]} of the softmax
 * p.
 *
 * <p>One thread, one term; close it.
 */
final class MarginalLogTerm implements AutoCloseable {

  private final Backend backend;
  private final double[] queryWeights;
  private final double[] logKeyWeights;
  private final Matrix queryMeans;
  private final Matrix queryCovariance;
  private final Matrix queryTotal;
  private final Matrix keyMeans;
  private final Matrix keyCovariance;
  /** An orthonormal basis of the span of the key means, d_y x q, and their coordinates in it, K_y x q. */
  private final Matrix basis;
  private final Matrix coordinates;
  private final GaussHermite rule;
  private final double[] nodeWeights;
  private final Workspace workspace;
  private final Matrix noise;
  /** Rows Ē_j, K_x x K_y, and {@code Σ_j w_j (diag Ē_j − Q_j)}, K_y x K_y. */
  private final Matrix expectation;
  private final Matrix curvature;

  MarginalLogTerm(GaussianMixture queries, GaussianMixture keys) {
    this.backend = queries.backend();
    this.queryWeights = queries.weights();
    this.logKeyWeights = Arrays.stream(keys.weights()).map(Math::log).toArray();
    this.queryMeans = queries.centredMeans();
    this.queryCovariance = queries.covariance(0);
    this.keyMeans = keys.centredMeans();
    this.keyCovariance = keys.covariance(0);
    this.basis = backend.maxAbs(keyMeans) == 0
        ? backend.zeros(DType.F64, keys.dimension(), 0) : MixtureSubspaces.means(keys);
    try {
      this.rule = GaussHermite.of(backend, Math.toIntExact(basis.cols()));
    } catch (RuntimeException | Error e) {
      basis.close();
      throw e;
    }
    this.queryTotal = queries.total();
    int k = keys.components();
    this.coordinates = Products.of(backend, NO, NO, keyMeans, basis);
    long n = rule.nodes().rows();
    this.nodeWeights = rule.weights().toArray();
    this.workspace = backend.workspace(Workspace.bytes(DType.F64, n, k)
        + Workspace.bytes(DType.F64, queryWeights.length, k) + Workspace.bytes(DType.F64, k, k));
    this.noise = workspace.matrix(DType.F64, n, k);
    this.expectation = workspace.matrix(DType.F64, queryWeights.length, k);
    this.curvature = workspace.matrix(DType.F64, k, k);
  }

  /**
   * The value at M (d_x x d_y), and {@code G += factor · gradient}.
   *
   * @param gradient G, d_x x d_y
   */
  double evaluate(Matrix m, double factor, Matrix gradient) {
    try (Matrix half = product(NO, NO, m, keyCovariance);
        Matrix pulled = product(NO, NO, queryTotal, m);
        Matrix logits = logitsAtMeans(m)) {
      double value = 0.5 * backend.dot(half, pulled);
      backend.gemm(NO, NO, factor, queryTotal, half, 1, gradient);
      noise(m);
      value += integrate(logits);
      addGradient(m, factor, gradient);
      return value;
    }
  }

  /** {@code m_jᵀ M n_k} for all query means j and key means k, K_x x K_y. */
  private Matrix logitsAtMeans(Matrix m) {
    try (Matrix half = product(NO, NO, queryMeans, m)) {
      return product(NO, YES, half, keyMeans);
    }
  }

  /** {@code noise_ik} = what node i adds to logit k: covariance {@code NMᵀS_xMNᵀ}, by the root of its q x q core. */
  private void noise(Matrix m) {
    if (basis.cols() == 0) {
      backend.fill(0, noise);
      return;
    }
    try (Matrix image = product(NO, NO, m, basis);
        Matrix covered = product(NO, NO, queryCovariance, image);
        Matrix core = product(YES, NO, image, covered);
        Matrix root = root(core);
        Matrix spread = product(NO, NO, coordinates, root)) {
      backend.gemm(NO, YES, 1, rule.nodes(), spread, 0, noise);
    }
  }

  /** R with {@code RRᵀ} = the positive semi-definite core: eigenvectors times roots, so that a rank below q will do. */
  private Matrix root(Matrix core) {
    try (EigenPairs pairs = Eigensolver.full(backend, core)) {
      Matrix root = backend.zeros(DType.F64, core.rows(), core.rows());
      backend.transpose(pairs.vectors(), root);
      double[] roots = Arrays.stream(pairs.values().toArray()).map(value -> Math.sqrt(Math.max(0, value))).toArray();
      try (Matrix row = backend.matrix(1, core.rows(), roots)) {
        backend.multiplyRow(row, root, root);
        return root;
      }
    }
  }

  private double integrate(Matrix logits) {
    double[] base = logits.toArray();
    double[] added = noise.toArray();
    int k = logKeyWeights.length;
    var means = new double[queryWeights.length * k];
    var bend = new double[k * k];
    double value = 0;
    for (int j = 0; j < queryWeights.length; j++) {
      for (int i = 0; i < k; i++) {
        base[j * k + i] += logKeyWeights[i];
      }
      value += queryWeights[j] * expectation(j, base, added, means, bend);
    }
    expectation.copyFrom(means);
    curvature.copyFrom(bend);
    return value;
  }

  /** {@code E logsumexp} at query component j; sets row j of {@code means}, adds {@code w_j(diag Ē_j − Q_j)}. */
  private double expectation(int j, double[] base, double[] added, double[] means, double[] bend) {
    int k = logKeyWeights.length;
    var p = new double[k];
    double value = 0;
    for (int node = 0; node < nodeWeights.length; node++) {
      for (int i = 0; i < k; i++) {
        p[i] = base[j * k + i] + added[node * k + i];
      }
      double omega = nodeWeights[node];
      value += omega * NarrowSoftmax.row(p, 0, k);
      for (int i = 0; i < k; i++) {
        double weighted = omega * p[i];
        means[j * k + i] += weighted;
        bend[i * k + i] += queryWeights[j] * weighted;
        for (int l = 0; l < k; l++) {
          bend[i * k + l] -= queryWeights[j] * weighted * p[l];
        }
      }
    }
    return value;
  }

  private void addGradient(Matrix m, double factor, Matrix gradient) {
    try (Matrix column = backend.matrix(queryWeights.length, 1, queryWeights);
        Matrix mixed = product(NO, NO, expectation, keyMeans);
        Matrix bent = product(NO, NO, curvature, keyMeans);
        Matrix image = product(NO, YES, m, keyMeans);
        Matrix covered = product(NO, NO, queryCovariance, image)) {
      backend.multiplyColumn(column, mixed, mixed);
      backend.gemm(YES, NO, factor, queryMeans, mixed, 1, gradient);
      backend.gemm(NO, NO, factor, covered, bent, 1, gradient);
    }
  }

  private Matrix product(Transpose ta, Transpose tb, Matrix a, Matrix b) {
    return Products.of(backend, ta, tb, a, b);
  }

  @Override
  public void close() {
    workspace.close();
    rule.close();
    coordinates.close();
    basis.close();
    queryTotal.close();
  }
}
