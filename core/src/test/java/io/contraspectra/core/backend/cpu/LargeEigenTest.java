package io.contraspectra.core.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Large decompositions: known and hard spectra, triangles, gaps between rows, numbers of threads. */
class LargeEigenTest {

  /** Orders at which strips, panels and parts are full and not. */
  private static final int[] ORDERS = {400, 481, 515};

  /** What makes divide and conquer deflate, or has it nothing to deflate. */
  enum Spectrum {
    SPREAD, TIED, CLUSTERED, RANK_DEFICIENT, GRADED, ONE, TINY, HUGE, ZERO;

    double[] ascending(int n, DType dtype) {
      double extreme = dtype == DType.F32 ? 1e15 : 1e150;
      return IntStream.range(0, n).mapToDouble(i -> switch (this) {
        case SPREAD -> i - n / 3.0;
        case TIED -> i / 40;
        case CLUSTERED -> 1 + i * 1e-9;
        case RANK_DEFICIENT -> Math.max(0, i - n / 2);
        case GRADED -> Math.pow(2, (i - n) / 4.0);
        case ONE -> 1;
        case TINY -> (i + 1) / extreme / n;
        case HUGE -> (i + 1) * extreme / n;
        case ZERO -> 0;
      }).toArray();
    }
  }

  @ParameterizedTest
  @EnumSource
  void pairsOfAKnownSpectrum(Spectrum spectrum) {
    for (DType dtype : DType.values()) {
      for (int threads : new int[] {1, 2, 5}) {
        int n = ORDERS[threads % ORDERS.length];
        try (Backend backend = new Backend(new CpuEngine(threads, KernelSet.best()));
            Matrix frame = backend.zeros(dtype, n, n + 7);
            Matrix a = backend.zeros(dtype, n, n);
            Matrix values = backend.zeros(dtype, 1, n)) {
          double[] expected = spectrum.ascending(n, dtype);
          backend.fill(4711, frame);
          Matrix vectors = frame.block(0, 3, n, n);
          turned(backend, expected, vectors);
          backend.copy(vectors, a);
          for (int i = 0; i < n; i++) {
            backend.fill(4711e3, vectors.block(i, i, 1, n - i).block(0, 1, 1, n - i - 1));
          }
          backend.eigh(vectors, values);
          requirePairs(backend, a, expected, values, vectors);
          assertEquals(4711, frame.get(n / 2, 2));
          assertEquals(4711, frame.get(n / 2, n + 3));
        }
      }
    }
  }

  @Test
  void diagonalAndSplitMatrices() {
    int n = 481;
    try (Backend backend = new Backend(new CpuEngine(2, KernelSet.best()));
        Matrix a = backend.zeros(DType.F64, n, n);
        Matrix vectors = backend.zeros(DType.F64, n, n);
        Matrix values = backend.zeros(DType.F64, 1, n)) {
      for (int i = 0; i < n; i++) {
        a.set(i, i, Math.floorMod(i * 7, n));
      }
      backend.copy(a, vectors);
      backend.eigh(vectors, values);
      double[] places = IntStream.range(0, n).asDoubleStream().toArray();
      assertArrayEquals(places, values.toArray());
      requirePairs(backend, a, places, values, vectors);
      // One off-diagonal pair where the matrix is torn: λ = (d1 + d2)/2 ± √(…).
      a.set(240, 239, 1000);
      a.set(239, 240, 1000);
      backend.copy(a, vectors);
      backend.eigh(vectors, values);
      double mean = (a.get(239, 239) + a.get(240, 240)) / 2;
      double half = Math.hypot((a.get(239, 239) - a.get(240, 240)) / 2, 1000);
      assertEquals(mean + half, values.get(0, n - 1), 1e-10);
      assertEquals(mean - half, values.get(0, 0), 1e-10);
      requirePairs(backend, a, values.toArray(), values, vectors);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void bitsAreTheSameOnEveryRun(int threads) {
    int n = 600;
    try (Backend backend = new Backend(new CpuEngine(threads, KernelSet.best()));
        Matrix a = backend.zeros(DType.F64, n, n)) {
      random(backend, a);
      double[] first = decomposed(backend, a);
      assertArrayEquals(first, decomposed(backend, a));
      assertArrayEquals(first, CompletableFuture.supplyAsync(() -> decomposed(backend, a),
          Thread::startVirtualThread).join());
    }
  }

  @Test
  void insideATileToo() {
    int n = 420;
    try (Backend backend = new Backend(new CpuEngine(2, KernelSet.best()));
        Matrix a = backend.zeros(DType.F64, n, n);
        Matrix vectors = backend.zeros(DType.F64, 2 * n, n);
        Matrix values = backend.zeros(DType.F64, 2, n)) {
      random(backend, a);
      backend.tiles(2, 0, (tile, workspace) -> {
        Matrix mine = vectors.rowRange(tile * n, n);
        backend.copy(a, mine);
        backend.eigh(mine, values.rowRange(tile, 1));
      });
      for (int tile = 0; tile < 2; tile++) {
        Matrix found = values.rowRange(tile, 1);
        requirePairs(backend, a, found.toArray(), found, vectors.rowRange(tile * n, n));
      }
    }
  }

  @Test
  void extremeMatricesAreLeftToLapack() {
    assertFalse(LargeEigen.suits(399));
    assertTrue(LargeEigen.suits(400));
    assertFalse(LargeEigen.suits(32_767));
    assertTrue(LargeEigen.suits(DType.F64, 0));
    assertTrue(LargeEigen.suits(DType.F64, 1e140));
    assertFalse(LargeEigen.suits(DType.F64, 1e150));
    assertFalse(LargeEigen.suits(DType.F32, 1e-16));
  }

  private static double[] decomposed(Backend backend, Matrix a) {
    try (Matrix vectors = backend.copyOf(a, a.dtype()); Matrix values = backend.zeros(a.dtype(), 1, a.rows())) {
      backend.eigh(vectors, values);
      double[] first = values.toArray();
      double[] all = Arrays.copyOf(first, first.length + (int) vectors.size());
      System.arraycopy(vectors.toArray(), 0, all, first.length, (int) vectors.size());
      return all;
    }
  }

  private static void random(Backend backend, Matrix a) {
    a.copyFrom(new Random(3).doubles(a.size(), -1, 1).toArray());
    backend.mirror(Triangle.LOWER, a);
  }

  /** {@code H diag(λ) H} for the reflection {@code H = I − 2 u uᵀ} of a unit vector without zeros, twice. */
  private static void turned(Backend backend, double[] values, Matrix a) {
    int n = values.length;
    var numbers = new double[n * n];
    for (int i = 0; i < n; i++) {
      numbers[i * n + i] = values[i];
    }
    for (int turn = 1; turn <= 2; turn++) {
      int power = turn;
      double[] u = IntStream.range(0, n).mapToDouble(i -> Math.pow(i + 1, power)).toArray();
      double norm = Math.sqrt(Arrays.stream(u).map(x -> x * x).sum());
      var image = new double[n];
      for (int i = 0; i < n; i++) {
        u[i] /= norm;
      }
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          image[i] += numbers[i * n + j] * u[j];
        }
      }
      double weighted = IntStream.range(0, n).mapToDouble(i -> u[i] * image[i]).sum();
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          double entry = numbers[i * n + j] - 2 * u[i] * image[j] - 2 * image[i] * u[j] + 4 * weighted * u[i] * u[j];
          numbers[i * n + j] = entry;
          numbers[j * n + i] = entry;
        }
      }
    }
    a.copyFrom(numbers);
  }

  private static void requirePairs(Backend backend, Matrix a, double[] expected, Matrix values, Matrix vectors) {
    int n = expected.length;
    double unit = a.dtype() == DType.F32 ? Math.ulp(1f) : Math.ulp(1.0);
    double tolerance = 8 * n * unit;
    double norm = Math.max(Math.abs(expected[0]), Math.abs(expected[n - 1]));
    double[] found = values.toArray();
    for (int i = 0; i < n; i++) {
      assertEquals(expected[i], found[i], tolerance * norm, "value " + i);
      assertTrue(i == 0 || found[i - 1] <= found[i], "values must ascend");
    }
    try (Matrix products = backend.zeros(a.dtype(), n, n); Matrix scaled = backend.zeros(a.dtype(), n, n)) {
      backend.gemm(Transpose.NO, Transpose.YES, 1, vectors, vectors, 0, products);
      for (int i = 0; i < n; i++) {
        products.set(i, i, products.get(i, i) - 1);
      }
      assertTrue(backend.maxAbs(products) <= tolerance, "orthonormal to " + backend.maxAbs(products));
      if (norm > 0) {
        backend.add(1 / norm, a, 0, scaled);
        backend.gemm(Transpose.NO, Transpose.NO, 1, vectors, scaled, 0, products);
        double[] images = products.toArray();
        double[] rows = vectors.toArray();
        for (int i = 0; i < n * n; i++) {
          assertEquals(found[i / n] / norm * rows[i], images[i], tolerance, "residual of pair " + i / n);
        }
      }
    }
  }
}
