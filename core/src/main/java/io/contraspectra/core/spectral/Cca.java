package io.contraspectra.core.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.spectral.Finding.Kind;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Canonical correlation analysis of two views (Hotelling 1936): encoders {@code W_A}, {@code W_B} whose outputs are
 * white, {@code W_Aᵀ Sigma_A W_A = I} with covariances divided by n, and correlate as much as possible, column by
 * column. And the optimum of two-view VICReg, {@code alpha(‖C_A − I‖² + ‖C_B − I‖²) + (gamma/n) ‖Z_A − Z_B‖²}, which
 * has the same directions with gains {@code c_k = max(0, 1 − gamma (1 − rho_k)/(2 alpha))} (spectral.md 5).
 */
public final class Cca {

  private static final String NAME = "cca";

  /** Correlations closer to 1 than this are perfect up to rounding. */
  private static final double PERFECT = 1e-12;

  private Cca() {}

  /**
   * Both encoders. Owns its matrices; close it.
   *
   * @param first the embedding of the first view; its values are the canonical correlations, descending
   * @param second the embedding of the second view
   */
  public record Pair(Embedding first, Embedding second) implements AutoCloseable {
    @Override
    public void close() {
      first.close();
      second.close();
    }
  }

  /**
   * The canonical directions.
   *
   * @param xa n x d_A, one view
   * @param xb n x d_B, the other view of the same samples
   * @param k K, at most the smaller rank of the two
   */
  public static Pair embedding(Backend backend, Matrix xa, Matrix xb, int k) {
    return pair(NAME, backend, xa, xb, k, rho -> 1, false);
  }

  /**
   * The optimum of two-view VICReg.
   *
   * @param alpha weight of the covariances, positive
   * @param gamma weight of the invariance, positive
   * @param k K, at most the smaller rank of the two
   */
  public static Pair vicReg(Backend backend, Matrix xa, Matrix xb, int k, double alpha, double gamma) {
    Requirements.positive("two-view vicreg", "alpha", alpha);
    Requirements.positive("two-view vicreg", "gamma", gamma);
    Pair pair = pair("two-view vicreg", backend, xa, xb, k, rho -> Math.max(0, 1 - gamma * (1 - rho) / (2 * alpha)),
        true);
    double[] rho = pair.first().values();
    double value = 0;
    for (int i = 0; i < k; i++) {
      double c = pair.first().gains()[i];
      value += 2 * alpha * (c - 1) * (c - 1) + 2 * gamma * c * (1 - rho[i]);
    }
    return new Pair(withOptimum(pair.first(), value), withOptimum(pair.second(), value));
  }

  private interface Gain {
    double of(double correlation);
  }

  private static Pair pair(String method, Backend backend, Matrix xa, Matrix xb, int k, Gain gain, boolean collapses) {
    if (xa.rows() != xb.rows()) {
      throw new ShapeMismatch(method + ": " + xa.describe("A") + " and " + xb.describe("B")
          + " must be two views of the same samples, with equally many rows");
    }
    try (var a = WhitenedData.plain(method, backend, xa); var b = WhitenedData.plain(method, backend, xb);
        Matrix ua = a.scores(); Matrix ub = b.scores()) {
      long most = Math.min(a.rank(), b.rank());
      Requirements.dimensions(method, k, most, "the views span " + a.rank() + " and " + b.rank() + " dimensions");
      try (Matrix cross = backend.zeros(DType.F64, a.rank(), b.rank());
          Matrix u = backend.zeros(DType.F64, a.rank(), most); Matrix s = backend.zeros(DType.F64, 1, most);
          Matrix v = backend.zeros(DType.F64, most, b.rank());
          Matrix ut = backend.zeros(DType.F64, most, a.rank())) {
        backend.gemm(NO, YES, 1, ua, ub, 0, cross);
        backend.svd(cross, u, s, v);
        backend.transpose(u, ut);
        double[] rho = Arrays.stream(s.toArray()).map(value -> Math.min(value, 1)).toArray();
        double[] gains = Arrays.stream(rho).limit(k).map(gain::of).toArray();
        var findings = new Findings();
        report(findings, a, b, rho, k);
        if (collapses) {
          findings.collapsed(gains, "their correlations are too small for gamma/alpha");
        }
        return assembled(backend, a, b, ut, v, rho, gains, findings);
      }
    }
  }

  private static Pair assembled(Backend backend, WhitenedData a, WhitenedData b, Matrix u, Matrix v, double[] rho,
      double[] gains, Findings findings) {
    int k = gains.length;
    double n = a.centred().rows();
    double[][] wa = weights(backend, a, u, k);
    double[][] wb = weights(backend, b, v, k);
    for (int i = 0; i < k; i++) {
      double factor = Math.sqrt(n * gains[i]) * (Columns.largest(wa[i]) < 0 ? -1 : 1);
      Columns.scale(wa[i], factor);
      Columns.scale(wb[i], factor);
    }
    double[] values = Arrays.copyOf(rho, k);
    return new Pair(a.embedding(wa, values, gains, OptionalDouble.empty(), findings),
        b.embedding(wb, values, gains, OptionalDouble.empty(), findings));
  }

  private static double[][] weights(Backend backend, WhitenedData data, Matrix coordinates, int k) {
    try (Matrix weights = backend.zeros(DType.F64, k, data.dimensions())) {
      backend.gemm(NO, NO, 1, coordinates.rowRange(0, k), data.basis(), 0, weights);
      var rows = new double[k][];
      for (int i = 0; i < k; i++) {
        rows[i] = weights.rowRange(i, 1).toArray();
      }
      return rows;
    }
  }

  private static void report(Findings findings, WhitenedData a, WhitenedData b, double[] rho, int k) {
    a.report(findings);
    b.report(findings);
    findings.cut(rho[k - 1], k < rho.length ? rho[k] : Double.NaN, k, 1);
    long perfect = Arrays.stream(rho).filter(value -> 1 - value < PERFECT).count();
    if (perfect > 0) {
      findings.add(Kind.SEPARABLE, "%d correlations are perfect: the views share directions, or there are too few"
          + " samples for their dimensions", perfect);
    }
  }

  private static Embedding withOptimum(Embedding e, double value) {
    return new Embedding(e.points(), e.values(), e.gains(), e.map(), OptionalDouble.of(value), e.findings());
  }
}
