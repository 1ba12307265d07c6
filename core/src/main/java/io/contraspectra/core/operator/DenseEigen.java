package io.contraspectra.core.operator;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.random.RandomStreams;
import java.util.Arrays;

/** Eigenpairs of matrices, and of operators small enough to be turned into one. */
final class DenseEigen {

  /** Up to here a decomposition takes less than the bookkeeping of an iteration. */
  private static final long SMALL = 200;
  private static final long FEASIBLE = 3000;
  private static final int PROBES = 16;

  private DenseEigen() {}

  /** Whether a decomposition of the whole matrix is the better way to k of its pairs. */
  static boolean isBetter(long size, int k) {
    return size <= SMALL || k >= size / 8;
  }

  /** Whether a decomposition takes no more than seconds and the memory that is allowed. */
  static boolean isFeasible(SymmetricOperator a, EigenOptions options) {
    return a.size() <= FEASIBLE && 4 * Matrix.bytes(a.dtype(), a.size(), a.size()) <= options.memory();
  }

  /** All pairs of a symmetric matrix, largest first. */
  static EigenPairs all(Backend backend, Matrix a) {
    long n = a.rows();
    Matrix vectors = backend.zeros(a.dtype(), n, n);
    try (Matrix ascending = backend.zeros(a.dtype(), 1, n)) {
      // The ascending order of −A is A's descending one.
      backend.add(-1, a, 0, vectors);
      backend.eigh(vectors, ascending);
      double[] values = negated(ascending.toArray());
      return new EigenPairs(Residuals.row(backend, a.dtype(), values), vectors,
          Residuals.row(backend, a.dtype(), probed(backend, a, values, vectors)));
    } catch (RuntimeException | Error e) {
      vectors.close();
      throw e;
    }
  }

  /** Pairs by their place, largest first. */
  static EigenPairs range(Backend backend, Matrix a, long first, long count) {
    long n = a.rows();
    if (count == n) {
      return all(backend, a);
    }
    if (count > n / 4) {
      try (EigenPairs all = all(backend, a)) {
        return new EigenPairs(backend.copyOf(all.values().block(0, first, 1, count), a.dtype()),
            backend.copyOf(all.vectors().rowRange(first, count), a.dtype()),
            backend.copyOf(all.residuals().block(0, first, 1, count), a.dtype()));
      }
    }
    Matrix vectors = backend.zeros(a.dtype(), count, n);
    try (Matrix destroyed = backend.zeros(a.dtype(), n, n); Matrix ascending = backend.zeros(a.dtype(), 1, count);
        Matrix images = backend.zeros(a.dtype(), count, n)) {
      backend.add(-1, a, 0, destroyed);
      backend.eighRange(destroyed, first, ascending, vectors);
      double[] values = negated(ascending.toArray());
      backend.gemm(NO, NO, 1, vectors, a, 0, images);
      return new EigenPairs(Residuals.row(backend, a.dtype(), values), vectors,
          Residuals.of(backend, images, vectors, values, largestAbsolute(values)));
    } catch (RuntimeException | Error e) {
      vectors.close();
      throw e;
    }
  }

  /** The k largest or smallest pairs of an operator, by way of its matrix. */
  static EigenPairs extreme(SymmetricOperator a, int k, boolean smallest, EigenOptions options) {
    Backend backend = a.backend();
    try (Matrix matrix = signed(a, smallest)) {
      backend.requireFinite("eigensolver: A", matrix);
      Matrix deflated = options.deflated();
      if (deflated != null) {
        deflate(backend, matrix, deflated);
      }
      try (EigenPairs all = all(backend, matrix)) {
        return first(backend, matrix, all, k, smallest);
      }
    }
  }

  private static Matrix signed(SymmetricOperator a, boolean smallest) {
    Matrix matrix = a instanceof ExplicitOperator explicit
        ? a.backend().copyOf(explicit.matrix(), a.dtype()) : Operators.toMatrix(a);
    if (smallest) {
      a.backend().scale(-1, matrix);
    }
    return matrix;
  }

  /** {@code A := (I − QᵀQ) A (I − QᵀQ) − c QᵀQ} for rows Q, with c so large that Q comes last. */
  private static void deflate(Backend backend, Matrix a, Matrix q) {
    double largest = backend.maxAbs(a);
    try (Matrix products = backend.zeros(a.dtype(), q.rows(), a.cols());
        Matrix core = backend.zeros(a.dtype(), q.rows(), q.rows())) {
      backend.gemm(NO, NO, 1, q, a, 0, products);
      backend.gemm(NO, YES, 1, products, q, 0, core);
      // With P = Q A, and half of Q A Qᵀ Q taken out of it, the two corrections are each other's mirror image.
      backend.gemm(NO, NO, -0.5, core, q, 1, products);
      backend.gemm(YES, NO, -1, q, products, 1, a);
      backend.gemm(YES, NO, -1, products, q, 1, a);
      backend.gemm(YES, NO, -2 * largest * a.rows(), q, q, 1, a);
    }
  }

  private static EigenPairs first(Backend backend, Matrix a, EigenPairs all, int k, boolean smallest) {
    double[] values = all.values().toArray();
    double norm = largestAbsolute(values);
    Matrix vectors = backend.copyOf(all.vectors().rowRange(0, k), a.dtype());
    try (Matrix images = backend.zeros(a.dtype(), k, a.cols())) {
      backend.gemm(NO, NO, 1, vectors, a, 0, images);
      double[] found = Arrays.copyOf(values, k);
      Matrix residuals = Residuals.of(backend, images, vectors, found, norm);
      return new EigenPairs(Residuals.row(backend, a.dtype(), smallest ? negated(found) : found), vectors, residuals);
    }
  }

  /**
   * Residuals of all pairs by Gaussian probes: {@code ‖r_i‖² ≈ Σ_s (s · r_i)² / m} for the rows s of S, from
   * {@code (S A) Vᵀ − (S Vᵀ) Λ}. The relative error of a norm has a standard deviation of {@code 1/√(2m)}.
   */
  private static double[] probed(Backend backend, Matrix a, double[] values, Matrix vectors) {
    int n = values.length;
    double norm = largestAbsolute(values);
    double unit = Residuals.unit(norm, a.dtype());
    var random = RandomStreams.of(0).named("eigensolver/probes");
    // Images and probes one below the other: the vectors, which are large, are read once.
    try (Matrix both = backend.zeros(a.dtype(), 2 * PROBES, n);
        Matrix products = backend.zeros(a.dtype(), 2 * PROBES, n)) {
      Matrix probes = both.rowRange(PROBES, PROBES);
      probes.copyFrom(RandomDraws.gaussian(random, PROBES * n));
      backend.gemm(NO, NO, 1 / unit, probes, a, 0, both.rowRange(0, PROBES));
      backend.gemm(NO, YES, 1, both, vectors, 0, products);
      double[] mapped = products.rowRange(0, PROBES).toArray();
      double[] plain = products.rowRange(PROBES, PROBES).toArray();
      var residuals = new double[n];
      for (int i = 0; i < n; i++) {
        double square = 0;
        for (int s = 0; s < PROBES; s++) {
          double difference = mapped[s * n + i] - values[i] / unit * plain[s * n + i];
          square += difference * difference;
        }
        residuals[i] = Residuals.relative(Math.sqrt(square / PROBES), unit, norm);
      }
      return residuals;
    }
  }

  static double largestAbsolute(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double[] negated(double[] values) {
    var negated = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      // 0 - x, so that no zero turns negative.
      negated[i] = 0 - values[i];
    }
    return negated;
  }
}
