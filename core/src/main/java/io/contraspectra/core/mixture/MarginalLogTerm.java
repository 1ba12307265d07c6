package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
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
  private final Matrix weightColumn;
  /** Where what an evaluation forms on its way starts. */
  private final long kept;

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
        + Workspace.bytes(DType.F64, queryWeights.length, k) + Workspace.bytes(DType.F64, k, k)
        + Workspace.bytes(DType.F64, queryWeights.length, 1)
        + scratchBytes(queries.dimension(), keys.dimension(), queryWeights.length, k, basis.cols()));
    this.noise = workspace.matrix(DType.F64, n, k);
    this.expectation = workspace.matrix(DType.F64, queryWeights.length, k);
    this.curvature = workspace.matrix(DType.F64, k, k);
    this.weightColumn = workspace.matrix(DType.F64, queryWeights.length, 1);
    weightColumn.copyFrom(queryWeights);
    this.kept = workspace.mark();
  }

  /** Bytes of what an evaluation forms on its way. */
  private static long scratchBytes(long dx, long dy, long kx, long ky, long q) {
    long value = 2 * Workspace.bytes(DType.F64, dx, dy) + Workspace.bytes(DType.F64, kx, ky)
        + Workspace.bytes(DType.F64, kx, dy);
    long noise = 2 * Workspace.bytes(DType.F64, dx, q) + 2 * Workspace.bytes(DType.F64, q, q)
        + Workspace.bytes(DType.F64, 1, q) + Workspace.bytes(DType.F64, ky, q);
    long gradient = Workspace.bytes(DType.F64, kx, dy) + Workspace.bytes(DType.F64, ky, dy)
        + 2 * Workspace.bytes(DType.F64, dx, ky);
    return value + noise + gradient;
  }

  /**
   * The value at M (d_x x d_y), and {@code G += factor · gradient}.
   *
   * @param gradient G, d_x x d_y
   */
  double evaluate(Matrix m, double factor, Matrix gradient) {
    workspace.reset(kept);
    Matrix half = product(NO, NO, m, keyCovariance);
    Matrix pulled = product(NO, NO, queryTotal, m);
    double value = 0.5 * backend.dot(half, pulled);
    backend.gemm(NO, NO, factor, queryTotal, half, 1, gradient);
    noise(m);
    value += integrate(logitsAtMeans(m));
    addGradient(m, factor, gradient);
    return value;
  }

  /** {@code m_jᵀ M n_k} for all query means j and key means k, K_x x K_y. */
  private Matrix logitsAtMeans(Matrix m) {
    return product(NO, YES, product(NO, NO, queryMeans, m), keyMeans);
  }

  /** {@code noise_ik} = what node i adds to logit k: covariance {@code NMᵀS_xMNᵀ}, by the root of its q x q core. */
  private void noise(Matrix m) {
    if (basis.cols() == 0) {
      backend.fill(0, noise);
      return;
    }
    Matrix image = product(NO, NO, m, basis);
    Matrix core = product(YES, NO, image, product(NO, NO, queryCovariance, image));
    Matrix spread = product(NO, NO, coordinates, root(core));
    backend.gemm(NO, YES, 1, rule.nodes(), spread, 0, noise);
  }

  /** R with {@code RRᵀ} = the positive semi-definite core: eigenvectors times roots, so that a rank below q will do. */
  private Matrix root(Matrix core) {
    Matrix values = workspace.matrix(DType.F64, 1, core.rows());
    Matrix root = workspace.matrix(DType.F64, core.rows(), core.rows());
    backend.eigh(core, values);
    backend.transpose(core, root);
    values.copyFrom(Arrays.stream(values.toArray()).map(value -> Math.sqrt(Math.max(0, value))).toArray());
    backend.multiplyRow(values, root, root);
    return root;
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
    Matrix mixed = product(NO, NO, expectation, keyMeans);
    Matrix bent = product(NO, NO, curvature, keyMeans);
    Matrix covered = product(NO, NO, queryCovariance, product(NO, YES, m, keyMeans));
    backend.multiplyColumn(weightColumn, mixed, mixed);
    backend.gemm(YES, NO, factor, queryMeans, mixed, 1, gradient);
    backend.gemm(NO, NO, factor, covered, bent, 1, gradient);
  }

  /** {@code op(A) op(B)} in the workspace. */
  private Matrix product(Transpose ta, Transpose tb, Matrix a, Matrix b) {
    Matrix c = workspace.matrix(DType.F64, ta == NO ? a.rows() : a.cols(), tb == NO ? b.cols() : b.rows());
    backend.gemm(ta, tb, 1, a, b, 0, c);
    return c;
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
