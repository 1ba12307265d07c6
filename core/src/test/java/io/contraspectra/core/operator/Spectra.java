package io.contraspectra.core.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.Random;

/** Symmetric matrices of known spectrum, and what is asked of their eigenpairs. */
final class Spectra {

  private Spectra() {}

  /** {@code Q diag(values) Qᵀ}, symmetric to the last bit, with Q a product of three random reflections. */
  static Matrix matrix(Backend backend, DType dtype, long seed, double... values) {
    int n = values.length;
    var a = new double[n][n];
    for (int i = 0; i < n; i++) {
      a[i][i] = values[i];
    }
    var random = new Random(seed);
    for (int reflection = 0; reflection < 3; reflection++) {
      reflect(a, random.doubles(n, -1, 1).toArray());
    }
    var flat = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        flat[i * n + j] = 0.5 * a[i][j] + 0.5 * a[j][i];
      }
    }
    try (Matrix exact = backend.matrix(n, n, flat)) {
      return backend.copyOf(exact, dtype);
    }
  }

  /** {@code A := (I − 2 v vᵀ) A (I − 2 v vᵀ)} with v normalised. */
  private static void reflect(double[][] a, double[] v) {
    int n = v.length;
    double norm = Math.sqrt(Arrays.stream(v).map(x -> x * x).sum());
    var image = new double[n];
    double inner = 0;
    for (int i = 0; i < n; i++) {
      v[i] /= norm;
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        image[i] += a[i][j] * v[j];
      }
      inner += image[i] * v[i];
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a[i][j] += -2 * v[i] * image[j] - 2 * image[i] * v[j] + 4 * inner * v[i] * v[j];
      }
    }
  }

  /** Independent numbers, uniform in [-1, 1]. */
  static Matrix uniform(Backend backend, long rows, long cols, long seed) {
    return backend.matrix(rows, cols, new Random(seed).doubles(rows * cols, -1, 1).toArray());
  }

  /** Values, residuals that were really reached, the residuals reported, and orthonormality. */
  static void check(Backend backend, Matrix a, EigenPairs pairs, double[] spectrum, double[] expected,
      double tolerance) {
    double norm = Math.max(Double.MIN_NORMAL, Arrays.stream(spectrum).map(Math::abs).max().orElse(0));
    double[] values = pairs.values().toArray();
    assertEquals(expected.length, values.length);
    for (int i = 0; i < values.length; i++) {
      assertEquals(expected[i] / norm, values[i] / norm, tolerance, "value " + i);
    }
    try (Matrix residuals = Operators.residuals(new ExplicitOperator(backend, a, false), pairs.values(), pairs.vectors(),
        norm)) {
      assertTrue(backend.maxAbs(residuals) <= tolerance, () -> "residuals " + Arrays.toString(residuals.toArray()));
    }
    assertTrue(pairs.worstResidual() <= tolerance, () -> "reported " + pairs.worstResidual());
    assertOrthonormal(backend, pairs.vectors(), a.dtype() == DType.F64 ? 1e-12 : 1e-4);
  }

  static void assertOrthonormal(Backend backend, Matrix rows, double tolerance) {
    try (Matrix gram = backend.zeros(rows.dtype(), rows.rows(), rows.rows())) {
      backend.gemm(Transpose.NO, Transpose.YES, 1, rows, rows, 0, gram);
      backend.shiftDiagonal(-1, gram);
      double error = backend.maxAbs(gram);
      assertTrue(error <= tolerance, () -> "V Vᵀ differs from I by " + error);
    }
  }

  /** The k largest of some numbers, largest first. */
  static double[] largest(double[] values, int k) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    var top = new double[k];
    for (int i = 0; i < k; i++) {
      top[i] = sorted[sorted.length - 1 - i];
    }
    return top;
  }
}
