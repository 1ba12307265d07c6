package io.contraspectra.core.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Values, residuals and orthonormality on {@code Q diag(lambda) Qᵀ} whose lambda has ties, zeros and signs at random, at
 * scales from 1e-150 to 1e150, for sizes from 1 on and for any number of pairs up to all.
 */
class EigensolverPropertiesTest {

  // Larger than what is handed to a dense solver.
  private static final int ITERATED = 210;

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void allPairs(@ForAll TestBackend kind, @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = -150, max = 150) int exponent, @ForAll int seed) {
    double[] spectrum = spectrum(n, exponent, seed);
    try (Backend backend = kind.open();
        Matrix a = Spectra.matrix(backend, DType.F64, seed, spectrum);
        EigenPairs pairs = Eigensolver.full(backend, a)) {
      Spectra.check(backend, a, pairs, spectrum, Spectra.largest(spectrum, n), 1e-12);
    }
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void leadingPairs(@ForAll TestBackend kind, @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 40) int count, @ForAll @IntRange(min = -150, max = 150) int exponent,
      @ForAll int seed) {
    int k = Math.min(n, count);
    double[] spectrum = spectrum(n, exponent, seed);
    try (Backend backend = kind.open();
        Matrix a = Spectra.matrix(backend, DType.F64, seed, spectrum);
        EigenPairs pairs = Eigensolver.largest(Operators.explicit(backend, a), k)) {
      Spectra.check(backend, a, pairs, spectrum, Spectra.largest(spectrum, k), 1e-8);
    }
  }

  @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
  void leadingPairsByIteration(@ForAll @IntRange(min = 1, max = 6) int k,
      @ForAll @IntRange(min = -150, max = 150) int exponent, @ForAll int seed) {
    double[] spectrum = spectrum(ITERATED, exponent, seed);
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        Matrix a = Spectra.matrix(backend, DType.F64, seed, spectrum);
        EigenPairs pairs = Eigensolver.largest(new ExplicitOperator(backend, a, false), k)) {
      Spectra.check(backend, a, pairs, spectrum, Spectra.largest(spectrum, k), 1e-8);
    }
  }

  @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
  void anOperatorAgreesWithItsMatrix(@ForAll TestBackend kind, @ForAll @IntRange(min = 1, max = 20) int n,
      @ForAll int seed) {
    try (Backend backend = kind.open();
        Matrix a = Spectra.matrix(backend, DType.F64, seed, spectrum(n, 0, seed));
        Matrix x = Spectra.uniform(backend, 3, n, seed);
        Matrix y = backend.zeros(DType.F64, 3, n)) {
      Operators.explicit(backend, a).apply(x, y);
      assertArrayEquals(product(x.toArray(), a.toArray(), n), y.toArray(), 1e-13 * n);
    }
  }

  /** {@code X A} by its definition. */
  private static double[] product(double[] x, double[] a, int n) {
    var y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      for (int m = 0; m < n; m++) {
        y[i] += x[i / n * n + m] * a[m * n + i % n];
      }
    }
    return y;
  }

  /** Numbers of at most a few different magnitudes, so that ties and zeros are common. */
  private static double[] spectrum(int n, int exponent, int seed) {
    var random = new Random(seed);
    int different = 1 + random.nextInt(n);
    double[] values = random.doubles(different, -1, 1).toArray();
    values[random.nextInt(different)] = 0;
    double scale = Math.pow(10, exponent);
    return random.ints(n, 0, different).mapToDouble(i -> scale * values[i]).toArray();
  }
}
