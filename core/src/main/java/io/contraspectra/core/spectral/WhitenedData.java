package io.contraspectra.core.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.operator.SymmetricOperator;
import io.contraspectra.core.spectral.Finding.Kind;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Centred data in coordinates in which their metric {@code B = XᵀX}, or {@code XᵀDX}, is the identity. A problem
 * {@code XᵀMX w = lambda B w} becomes {@code UᵀMU e = lambda e} for {@code U = X Tᵀ} and {@code w = Tᵀe}; where X lacks
 * rank, T spans its range (spectral.md 5). In double precision. Closed by its user.
 */
final class WhitenedData implements AutoCloseable {

  /** A mean below this fraction of the largest entry is rounding of data that were centred already. */
  private static final double NO_MEAN = 1e-12;

  private final Backend backend;
  private final Matrix centred;
  private final Matrix mean;
  private final Matrix t;
  private final boolean hadMean;

  private WhitenedData(String method, Backend backend, Matrix x, double @Nullable [] metric, boolean weightedMean) {
    this.backend = backend;
    if (x.rows() < 2 || x.cols() < 1) {
      throw new InvalidArgument(method + ": " + x.describe("X") + " is too small; at least two samples of one input are"
          + " needed");
    }
    backend.requireFinite(method + ": X", x);
    this.centred = backend.copyOf(x, DType.F64);
    this.mean = mean(metric == null || !weightedMean ? ones(x.rows()) : metric);
    this.hadMean = backend.maxAbs(mean) > NO_MEAN * backend.maxAbs(centred);
    backend.addRow(-1, mean, centred);
    this.t = whitening(metric);
    if (t.rows() == 0) {
      close();
      throw new InvalidArgument(method + ": all samples of " + x.describe("X") + " are equal; nothing can be told apart");
    }
  }

  /** The metric {@code XᵀX}. */
  static WhitenedData plain(String method, Backend backend, Matrix x) {
    return new WhitenedData(method, backend, x, null, false);
  }

  /**
   * The metric {@code XᵀDX}.
   *
   * @param metric the diagonal of D, not negative
   * @param weightedMean whether the mean that is taken from the data is weighted by D too
   */
  static WhitenedData weighted(String method, Backend backend, Matrix x, double[] metric, boolean weightedMean) {
    return new WhitenedData(method, backend, x, metric, weightedMean);
  }

  Backend backend() {
    return backend;
  }

  /** d. */
  long dimensions() {
    return centred.cols();
  }

  /** Dimension of the span of the data. */
  long rank() {
    return t.rows();
  }

  /** X without its mean, N x d. */
  Matrix centred() {
    return centred;
  }

  /** T, rank x d. */
  Matrix basis() {
    return t;
  }

  /** {@code Uᵀ}, rank x N: orthonormal rows in the metric. To be closed by the caller. */
  Matrix scores() {
    Matrix scores = backend.zeros(DType.F64, rank(), centred.rows());
    backend.gemm(NO, YES, 1, t, centred, 0, scores);
    return scores;
  }

  /** Tells what is noteworthy about the data. */
  void report(Findings findings) {
    if (hadMean) {
      findings.add(Kind.CENTRED, "the data had a mean, which was taken from them");
    }
    if (rank() < dimensions()) {
      findings.add(Kind.RANK_DEFICIENT, "the data span %d of %d dimensions; the weights lie in their range", rank(),
          dimensions());
    }
  }

  /**
   * The extreme modes of {@code XᵀMX w = lambda B w}.
   *
   * @param m M, of the samples
   * @param k how many; fewer are returned where the rank is smaller
   */
  LinearModes modes(SymmetricOperator m, boolean smallest, int k) {
    try (Matrix u = scores(); Matrix image = backend.zeros(DType.F64, u.rows(), u.cols());
        Matrix inside = backend.zeros(DType.F64, u.rows(), u.rows());
        Matrix transposed = backend.zeros(DType.F64, u.rows(), u.rows())) {
      m.apply(u, image);
      backend.gemm(NO, YES, 1, image, u, 0, inside);
      backend.transpose(inside, transposed);
      backend.add(0.5, transposed, 0.5, inside);
      return modes(inside, smallest, k);
    }
  }

  /** The extreme modes of a symmetric r x r matrix in the whitened coordinates. */
  LinearModes modes(Matrix inside, boolean smallest, int k) {
    try (EigenPairs pairs = Eigensolver.full(backend, inside);
        Matrix weights = backend.zeros(DType.F64, inside.rows(), dimensions())) {
      backend.gemm(NO, NO, 1, pairs.vectors(), t, 0, weights);
      double[] values = pairs.values().toArray();
      int r = values.length;
      int count = Math.min(k, r);
      var chosen = new double[count];
      var vectors = new double[count][];
      for (int i = 0; i < count; i++) {
        int at = smallest ? r - 1 - i : i;
        chosen[i] = values[at];
        vectors[i] = weights.rowRange(at, 1).toArray();
      }
      double next = count < r ? values[smallest ? r - 1 - count : count] : Double.NaN;
      double scale = Math.max(Math.abs(values[0]), Math.abs(values[r - 1]));
      return new LinearModes(chosen, vectors, next, scale, (int) dimensions());
    }
  }

  /** The embedding {@code (X − mean) W} with these columns of W. */
  Embedding embedding(double[][] weights, double[] values, double[] gains, OptionalDouble optimum, Findings findings) {
    Matrix w = Columns.matrix(backend, weights, (int) dimensions());
    Matrix points = backend.zeros(DType.F64, centred.rows(), weights.length);
    backend.gemm(NO, NO, 1, centred, w, 0, points);
    var map = new LinearMap(w, backend.copyOf(mean, DType.F64));
    return new Embedding(points, values, gains, Optional.of(map), optimum, findings.list());
  }

  @Override
  public void close() {
    centred.close();
    mean.close();
    t.close();
  }

  private Matrix mean(double[] weights) {
    double total = Arrays.stream(weights).sum();
    Matrix row = backend.zeros(DType.F64, 1, centred.cols());
    try (Matrix w = backend.matrix(1, weights.length, weights)) {
      backend.gemm(NO, NO, 1 / total, w, centred, 0, row);
      return row;
    }
  }

  private Matrix whitening(double @Nullable [] metric) {
    try (Matrix rows = backend.copyOf(centred, DType.F64)) {
      if (metric != null) {
        try (Matrix roots = backend.matrix(metric.length, 1, Arrays.stream(metric).map(Math::sqrt).toArray())) {
          backend.multiplyColumn(roots, centred, rows);
        }
      }
      long d = rows.cols();
      if (rows.rows() > d) {
        try (Matrix b = backend.zeros(DType.F64, d, d); Matrix work = backend.zeros(DType.F64, d, d);
            Matrix values = backend.zeros(DType.F64, 1, d)) {
          backend.syrk(Triangle.LOWER, YES, 1, rows, 0, b);
          backend.copy(b, work);
          backend.eigh(work, values);
          if (Whitening.condition(values.toArray()) > Whitening.WELL_CONDITIONED) {
            return Whitening.byCholesky(backend, b);
          }
        }
      }
      return bySingularValues(rows);
    }
  }

  private Matrix bySingularValues(Matrix rows) {
    long r = Math.min(rows.rows(), rows.cols());
    try (Matrix u = backend.zeros(DType.F64, rows.rows(), r); Matrix s = backend.zeros(DType.F64, 1, r);
        Matrix v = backend.zeros(DType.F64, r, rows.cols())) {
      backend.svd(rows, u, s, v);
      double[] values = s.toArray();
      return Whitening.byRange(backend, v, values, Whitening.RANGE * values[0]);
    }
  }

  private static double[] ones(long n) {
    var ones = new double[Math.toIntExact(n)];
    Arrays.fill(ones, 1);
    return ones;
  }
}
