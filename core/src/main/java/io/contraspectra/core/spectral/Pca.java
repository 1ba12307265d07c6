package io.contraspectra.core.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.Operators;
import io.contraspectra.core.spectral.Finding.Kind;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Principal components: the directions of largest variance, {@code Z = (X − mean) W} with orthonormal columns in W. The
 * points are also those of classical scaling of the Euclidean distances, and of kernel PCA with the linear kernel.
 */
public final class Pca {

  private static final String NAME = "pca";

  private Pca() {}

  /**
   * The leading components.
   *
   * @param x N x d
   * @param k K, at most d and N
   * @return eigenvalues of the scatter {@code Xᵀ H X} descending, which are the sums of squares of the columns; divide
   *     them by N or N − 1 for variances
   */
  public static Embedding embedding(Backend backend, Matrix x, int k) {
    return embedding(NAME, backend, x, k);
  }

  static Embedding embedding(String method, Backend backend, Matrix x, int k) {
    Requirements.dimensions(method, k, Math.min(x.rows(), x.cols()), "the data have " + x.rows() + " samples of "
        + x.cols() + " inputs");
    backend.requireFinite(method + ": X", x);
    try (Matrix centred = backend.copyOf(x, DType.F64)) {
      Matrix mean = backend.zeros(DType.F64, 1, x.cols());
      try {
        backend.columnSums(1.0 / x.rows(), centred, 0, mean);
        backend.addRow(-1, mean, centred);
        return embedding(backend, centred, mean, x.rows() >= x.cols() ? byScatter(backend, centred, k)
            : bySingularValues(backend, centred, k));
      } catch (RuntimeException | Error e) {
        mean.close();
        throw e;
      }
    }
  }

  private static Embedding embedding(Backend backend, Matrix centred, Matrix mean, Modes modes) {
    int k = modes.values().length;
    var findings = new Findings();
    double[] theta = Factorisation.positiveParts(modes.values());
    findings.cut(theta[k - 1], modes.next(), k, theta[0]);
    long empty = Arrays.stream(theta).filter(value -> value <= Factorisation.POSITIVE * theta[0]).count();
    if (empty > 0) {
      findings.add(Kind.RANK_DEFICIENT, "the data span %d dimensions; the last %d of %d components carry no variance",
          k - empty, empty, k);
    }
    double[][] weights = modes.vectors();
    Columns.orient(weights);
    Matrix w = Columns.matrix(backend, weights, (int) centred.cols());
    Matrix points = backend.zeros(DType.F64, centred.rows(), k);
    backend.gemm(NO, NO, 1, centred, w, 0, points);
    var gains = new double[k];
    Arrays.fill(gains, 1);
    return new Embedding(points, theta, gains, Optional.of(new LinearMap(w, mean)), OptionalDouble.empty(),
        findings.list());
  }

  private static Modes byScatter(Backend backend, Matrix centred, int k) {
    try (Matrix scatter = backend.zeros(DType.F64, centred.cols(), centred.cols())) {
      backend.syrk(Triangle.LOWER, YES, 1, centred, 0, scatter);
      backend.mirror(Triangle.LOWER, scatter);
      return Modes.largest(Operators.explicit(backend, scatter), k);
    }
  }

  private static Modes bySingularValues(Backend backend, Matrix centred, int k) {
    long r = centred.rows();
    try (Matrix work = backend.copyOf(centred, DType.F64); Matrix u = backend.zeros(DType.F64, r, r);
        Matrix s = backend.zeros(DType.F64, 1, r); Matrix v = backend.zeros(DType.F64, r, centred.cols())) {
      backend.svd(work, u, s, v);
      double[] squares = Arrays.stream(s.toArray()).map(value -> value * value).toArray();
      var vectors = new double[k][];
      for (int i = 0; i < k; i++) {
        vectors[i] = v.rowRange(i, 1).toArray();
      }
      return new Modes(Arrays.copyOf(squares, k), vectors, k < r ? squares[k] : Double.NaN);
    }
  }
}
