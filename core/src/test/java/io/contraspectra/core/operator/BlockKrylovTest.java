package io.contraspectra.core.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The iterative solvers on spectra that are known, at sizes where they are not handed to a dense solver. */
class BlockKrylovTest {

  private static final int N = 230;

  /** Spectra that are hard in different ways. */
  enum Kind {
    DECAYING(i -> Math.pow(0.8, i)),
    SLOW(i -> 1.0 / (1 + i)),
    /** Five values, each 46 times. */
    TIES(i -> 5 - i / 46),
    /** The largest six times, then a gap. */
    TIED_TOP(i -> i < 6 ? 1 : 0.9 * (N - i) / N),
    CLUSTERED(i -> i < 10 ? 1 - 1e-7 * i : 0.5 / i),
    RANK_3(i -> i < 3 ? 3 - i : 0),
    INDEFINITE(i -> Math.cos(i)),
    NEGATIVE(i -> -1.0 - i),
    ZERO(i -> 0),
    HUGE(i -> 1e150 * Math.pow(0.7, i)),
    TINY(i -> 1e-150 * Math.pow(0.7, i));

    private final IntToDoubleFunction value;

    Kind(IntToDoubleFunction value) {
      this.value = value;
    }

    double[] spectrum() {
      return IntStream.range(0, N).mapToDouble(value).toArray();
    }
  }

  @EveryBackend
  void findsTheLargest(Backend backend, Kind kind) {
    double[] values = kind.spectrum();
    try (Matrix a = Spectra.matrix(backend, DType.F64, 5, values);
        EigenPairs pairs = Eigensolver.largest(Operators.explicit(backend, a), 8)) {
      Spectra.check(backend, a, pairs, values, Spectra.largest(values, 8), 1e-8);
    }
  }

  /** One start vector sees each eigenvalue once; the rest must come from the search for missed pairs. */
  @EveryBackend
  void findsTiesWithFewStartVectors(Backend backend, DType dtype) {
    double[] values = Kind.TIED_TOP.spectrum();
    var options = EigenOptions.DEFAULTS.withBlock(1);
    try (Matrix a = Spectra.matrix(backend, dtype, 6, values);
        EigenPairs pairs = Eigensolver.largest(new ExplicitOperator(backend, a, false), 8, options)) {
      Spectra.check(backend, a, pairs, values, Spectra.largest(values, 8), dtype == DType.F64 ? 1e-8 : 5e-5);
    }
  }

  @EveryBackend
  void restartsWithoutLosingAccuracy(Backend backend) {
    double[] values = Kind.SLOW.spectrum();
    // Room for no more than the shortest basis.
    var options = EigenOptions.DEFAULTS.withBlock(3).withMemory(0).withTolerance(1e-12);
    try (Matrix a = Spectra.matrix(backend, DType.F64, 7, values);
        EigenPairs pairs = Eigensolver.largest(new ExplicitOperator(backend, a, false), 5, options)) {
      Spectra.check(backend, a, pairs, values, Spectra.largest(values, 5), 1e-11);
    }
  }

  /** The Laplacian of a path has the eigenvalues 2 − 2 cos(πj/n), the first of them 0 with a constant vector. */
  @EveryBackend
  void findsTheSmallestOfALaplacian(Backend backend) {
    try (Matrix laplacian = backend.zeros(DType.F64, N, N); Matrix constant = backend.zeros(DType.F64, 1, N)) {
      for (int i = 0; i + 1 < N; i++) {
        laplacian.set(i, i, laplacian.get(i, i) + 1);
        laplacian.set(i + 1, i + 1, 1);
        laplacian.set(i, i + 1, -1);
        laplacian.set(i + 1, i, -1);
      }
      backend.fill(1 / Math.sqrt(N), constant);
      var options = EigenOptions.DEFAULTS.withDeflated(constant).withTolerance(1e-10);
      double[] expected = IntStream.rangeClosed(1, 4).mapToDouble(j -> 2 - 2 * Math.cos(Math.PI * j / N)).toArray();
      try (EigenPairs pairs = Eigensolver.smallest(Operators.explicit(backend, laplacian), 4, options)) {
        double[] values = pairs.values().toArray();
        assertArrayEquals(expected, values, 1e-10);
        Spectra.assertOrthonormal(backend, pairs.vectors(), 1e-12);
      }
    }
  }

  @EveryBackend
  void aSeedFixesEveryBit(Backend backend) {
    try (Matrix a = Spectra.matrix(backend, DType.F64, 8, Kind.SLOW.spectrum());
        EigenPairs first = Eigensolver.largest(new ExplicitOperator(backend, a, false), 4);
        EigenPairs second = Eigensolver.largest(new ExplicitOperator(backend, a, false), 4);
        EigenPairs other = Eigensolver.largest(new ExplicitOperator(backend, a, false), 4,
            EigenOptions.DEFAULTS.withSeed(1))) {
      assertArrayEquals(first.vectors().toArray(), second.vectors().toArray());
      assertArrayEquals(first.values().toArray(), second.values().toArray());
      assertTrue(backend.distance(first.vectors(), other.vectors()) > 0);
    }
  }

  @EveryBackend
  void saysHowFarItCame(Backend backend) {
    try (Matrix a = Spectra.matrix(backend, DType.F64, 9, Kind.SLOW.spectrum())) {
      var options = EigenOptions.DEFAULTS.withTolerance(1e-15).withColumns(20).withBlock(2);
      var operator = new ExplicitOperator(backend, a, false);
      NotConverged e = assertThrows(NotConverged.class, () -> Eigensolver.largest(operator, 3, options));
      assertTrue(e.getMessage().matches(".*3 eigenpairs of an operator of size 230 after \\d+ vectors: residuals"
          + " \\S+e-\\d+, \\S+, \\S+ where 1.0E-15 was asked for.*"), e::getMessage);
    }
  }

  @EveryBackend
  void reportsProgressAndStopsWhenTold(Backend backend) {
    try (Matrix a = Spectra.matrix(backend, DType.F64, 10, Kind.SLOW.spectrum())) {
      var done = new ArrayList<Double>();
      var operator = new ExplicitOperator(backend, a, false);
      Eigensolver.largest(operator, 3, EigenOptions.DEFAULTS.withProgress((now, total) -> {
        assertTrue(total >= now);
        done.add(now);
      })).close();
      assertTrue(done.size() >= 2 && done.equals(done.stream().sorted().toList()), done::toString);
      assertThrows(CancellationException.class, () -> Eigensolver.largest(operator, 3,
          EigenOptions.DEFAULTS.withProgress((now, total) -> {
            throw new CancellationException();
          })));
    }
  }

  @EveryBackend
  void aFewPassesAreEnoughForAFastDecay(Backend backend) {
    double[] values = Kind.DECAYING.spectrum();
    try (Matrix a = Spectra.matrix(backend, DType.F64, 11, values)) {
      var operator = new ExplicitOperator(backend, a, false);
      try (EigenPairs pairs = Eigensolver.randomized(operator, 4, EigenOptions.DEFAULTS.withPasses(3))) {
        Spectra.check(backend, a, pairs, values, Spectra.largest(values, 4), 1e-3);
      }
      var tight = EigenOptions.DEFAULTS.withPasses(1).withTolerance(1e-12);
      assertThrows(NotConverged.class, () -> Eigensolver.randomized(operator, 4, tight));
    }
  }

  /** Of a smooth kernel a few rows tell nearly everything, so that one pass does what takes several from nothing. */
  @EveryBackend
  void rowsOfTheOperatorAreAGoodStart(Backend backend) {
    double[] points = new Random(3).doubles(N, -2, 2).toArray();
    try (Matrix kernel = backend.zeros(DType.F64, N, N)) {
      kernel.copyFrom(IntStream.range(0, N * N)
          .mapToDouble(i -> Math.exp(-Math.pow(points[i / N] - points[i % N], 2))).toArray());
      var operator = new ExplicitOperator(backend, kernel, false);
      var onePass = EigenOptions.DEFAULTS.withPasses(1);
      try (EigenPairs gaussian = Eigensolver.randomized(operator, 4, onePass);
          EigenPairs nystrom = Eigensolver.randomized(operator, 4, onePass.withLandmarks(40));
          EigenPairs exact = Eigensolver.full(backend, kernel)) {
        double[] values = exact.values().toArray();
        Spectra.check(backend, kernel, nystrom, values, Arrays.copyOf(values, 4), 1e-5);
        assertTrue(gaussian.worstResidual() > 1e3 * nystrom.worstResidual());
      }
    }
  }

  /** Pairs of the matrix in single precision become pairs of the matrix in double. */
  @EveryBackend
  void refinesPairsOfASimilarOperator(Backend backend) {
    double[] values = Kind.SLOW.spectrum();
    try (Matrix a = Spectra.matrix(backend, DType.F64, 13, values); Matrix single = backend.copyOf(a, DType.F32);
        EigenPairs coarse = Eigensolver.largest(new ExplicitOperator(backend, single, false), 5);
        EigenPairs fine = Eigensolver.refined(new ExplicitOperator(backend, a, false), coarse,
            EigenOptions.DEFAULTS.withTolerance(1e-11).withBlock(2))) {
      Spectra.check(backend, a, fine, values, Spectra.largest(values, 5), 1e-11);
      assertThrows(InvalidArgument.class, () -> Eigensolver.refined(
          new ExplicitOperator(backend, a.block(0, 0, 9, 9), false), coarse, EigenOptions.DEFAULTS));
    }
  }

  /** The residuals bound the errors of the values, whatever was reached. */
  @EveryBackend
  void residualsBoundTheErrorOfRandomisedValues(Backend backend) {
    double[] values = Kind.SLOW.spectrum();
    try (Matrix a = Spectra.matrix(backend, DType.F64, 12, values);
        EigenPairs pairs = Eigensolver.randomized(new ExplicitOperator(backend, a, false), 6,
            EigenOptions.DEFAULTS.withPasses(1))) {
      double[] residuals = pairs.residuals().toArray();
      double[] found = pairs.values().toArray();
      for (int i = 0; i < 6; i++) {
        double value = found[i];
        double nearest = IntStream.range(0, N).mapToDouble(j -> Math.abs(values[j] - value)).min().orElseThrow();
        assertTrue(nearest <= residuals[i] * found[0] + 1e-14, "pair " + i);
      }
      assertEquals(6, found.length);
    }
  }
}
