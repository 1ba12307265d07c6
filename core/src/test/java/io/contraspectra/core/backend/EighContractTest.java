package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Eigenpairs by what they must satisfy, on matrices whose spectrum is known by construction. */
class EighContractTest {

  private static final int[] ORDERS = {0, 1, 2, 3, 41};

  /** Shapes of spectra that eigensolvers find hard. */
  enum Spectrum {
    SPREAD, TIED, CLUSTERED, RANK_DEFICIENT, TINY, HUGE;

    double[] values(int n, DType dtype) {
      double extreme = dtype == DType.F32 ? 1e15 : 1e100;
      return IntStream.range(0, n).mapToDouble(i -> switch (this) {
        case SPREAD -> i - n / 3.0;
        case TIED -> i / 4;
        case CLUSTERED -> 1 + i * 1e-9;
        case RANK_DEFICIENT -> Math.max(0, i - n / 2);
        case TINY -> (i + 1) / extreme;
        case HUGE -> (i + 1) * extreme;
      }).toArray();
    }
  }

  @EveryBackend
  void eigenpairsOfAKnownSpectrum(Backend backend, DType dtype, Spectrum spectrum, Layout layout) {
    for (int n : ORDERS) {
      double[] eigenvalues = spectrum.values(n, dtype);
      double[] a = symmetric(eigenvalues);
      double[] lower = IntStream.range(0, n * n).mapToDouble(i -> i % n > i / n ? 4711 : a[i]).toArray();
      try (var vectors = new Framed(backend, dtype, layout, new Shape(n, n), lower);
          var values = new Framed(backend, dtype, layout, new Shape(1, n), Numbers.nan(n))) {
        backend.eigh(vectors.matrix(), values.matrix());
        double tolerance = 8 * (n + 1) * Accuracy.unitRoundoff(dtype);
        requireSpectrum(eigenvalues, values.values(), tolerance);
        requireOrthonormal(n, vectors.values(), tolerance);
        requireSmallResidual(n, a, vectors.values(), values.values(), tolerance);
        vectors.requireGuardsUntouched();
        values.requireGuardsUntouched();
      }
    }
  }

  @EveryBackend
  void nonFiniteEntryIsReportedWithItsPlace(Backend backend, DType dtype) {
    try (Matrix a = backend.zeros(dtype, 4, 4); Matrix values = backend.zeros(dtype, 1, 4)) {
      a.set(3, 1, Double.POSITIVE_INFINITY);
      var found = assertThrows(NonFinite.class, () -> backend.eigh(a, values));
      assertTrue(found.getMessage().startsWith("eigh: A has"), found.getMessage());
      assertEquals(3, found.row());
      assertEquals(1, found.column());
    }
  }

  private static void requireSpectrum(double[] expected, double[] actual, double tolerance) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * largest, "eigenvalue " + i);
      assertTrue(i == 0 || actual[i - 1] <= actual[i], "eigenvalues must ascend");
    }
  }

  private static void requireOrthonormal(int n, double[] rows, double tolerance) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double dot = 0;
        for (int l = 0; l < n; l++) {
          dot += rows[i * n + l] * rows[j * n + l];
        }
        assertEquals(i == j ? 1 : 0, dot, tolerance, "product of eigenvectors " + i + " and " + j);
      }
    }
  }

  private static void requireSmallResidual(int n, double[] a, double[] rows, double[] values, double tolerance) {
    double norm = Arrays.stream(values).map(Math::abs).max().orElse(0);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double residual = -values[i] * rows[i * n + j];
        for (int l = 0; l < n; l++) {
          residual += a[j * n + l] * rows[i * n + l];
        }
        assertEquals(0, residual, tolerance * norm, "residual of eigenpair " + i);
      }
    }
  }

  // H diag(λ) H with the Householder reflection H = I - 2 u uᵀ of a unit vector without zeros.
  private static double[] symmetric(double[] eigenvalues) {
    int n = eigenvalues.length;
    double[] u = IntStream.range(0, n).mapToDouble(i -> Math.sqrt(2.0 * (i + 1) / (n * (n + 1.0)))).toArray();
    double weighted = IntStream.range(0, n).mapToDouble(i -> u[i] * u[i] * eigenvalues[i]).sum();
    return IntStream.range(0, n * n).mapToDouble(at -> {
      int i = at / n;
      int j = at % n;
      double diagonal = i == j ? eigenvalues[i] : 0;
      return diagonal + u[i] * u[j] * (4 * weighted - 2 * eigenvalues[i] - 2 * eigenvalues[j]);
    }).toArray();
  }
}
