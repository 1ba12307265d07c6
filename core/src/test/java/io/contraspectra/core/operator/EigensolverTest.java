package io.contraspectra.core.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.matrix.NotPositiveDefinite;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Decompositions of matrices, generalized problems, and what is refused. */
class EigensolverTest {

  private static final double[] VALUES = {7, 7, 7, 2, 1, 1e-3, 0, 0, -2, -9};

  @EveryBackend
  void decomposesAMatrix(Backend backend, DType dtype) {
    try (Matrix a = Spectra.matrix(backend, dtype, 1, VALUES); EigenPairs pairs = Eigensolver.full(backend, a)) {
      Spectra.check(backend, a, pairs, VALUES, Spectra.largest(VALUES, 10), dtype == DType.F64 ? 1e-13 : 1e-5);
    }
  }

  @EveryBackend
  void givesPairsByTheirPlace(Backend backend) {
    double[] values = IntStream.range(0, 30).mapToDouble(i -> 30 - i).toArray();
    try (Matrix a = Spectra.matrix(backend, DType.F64, 2, values)) {
      for (long[] range : new long[][] {{0, 2}, {4, 3}, {28, 2}, {3, 20}, {0, 30}, {7, 0}}) {
        try (EigenPairs pairs = Eigensolver.range(backend, a, range[0], range[1])) {
          double[] expected = Arrays.copyOfRange(values, (int) range[0], (int) (range[0] + range[1]));
          assertArrayEquals(expected, pairs.values().toArray(), 1e-12);
          Spectra.assertOrthonormal(backend, pairs.vectors(), 1e-12);
          assertTrue(pairs.worstResidual() <= 1e-13);
        }
      }
      assertThrows(InvalidArgument.class, () -> Eigensolver.range(backend, a, 29, 2));
      assertThrows(InvalidArgument.class, () -> Eigensolver.range(backend, a, -1, 2));
    }
  }

  @EveryBackend
  void smallOperatorsHaveAllTheirPairs(Backend backend) {
    try (Matrix one = backend.matrix(1, 1, -3); Matrix a = Spectra.matrix(backend, DType.F64, 3, VALUES)) {
      try (EigenPairs pair = Eigensolver.largest(Operators.explicit(backend, one), 1)) {
        Spectra.check(backend, one, pair, new double[] {-3}, new double[] {-3}, 1e-15);
      }
      try (EigenPairs all = Eigensolver.largest(Operators.explicit(backend, a), 10);
          EigenPairs smallest = Eigensolver.smallest(Operators.explicit(backend, a), 10)) {
        Spectra.check(backend, a, all, VALUES, Spectra.largest(VALUES, 10), 1e-13);
        Spectra.check(backend, a, smallest, VALUES, Arrays.stream(VALUES).sorted().toArray(), 1e-13);
      }
    }
  }

  @EveryBackend
  void deflationHidesVectors(Backend backend) {
    try (Matrix a = Spectra.matrix(backend, DType.F64, 4, VALUES);
        EigenPairs all = Eigensolver.full(backend, a)) {
      var options = EigenOptions.DEFAULTS.withDeflated(all.vectors().rowRange(0, 4));
      var operator = Operators.explicit(backend, a);
      try (EigenPairs rest = Eigensolver.largest(operator, 6, options)) {
        assertArrayEquals(Arrays.copyOfRange(Spectra.largest(VALUES, 10), 4, 10), rest.values().toArray(), 1e-12);
      }
      InvalidArgument e = assertThrows(InvalidArgument.class, () -> Eigensolver.largest(operator, 7, options));
      assertTrue(e.getMessage().contains("7 eigenpairs of an operator of size 10 with 4 vectors deflated: ask for 1 to"
          + " 6"), e::getMessage);
    }
  }

  @EveryBackend
  void solvesGeneralizedProblems(Backend backend) {
    double[] weights = {5, 4, 3, 2, 2, 1, 1, 0.5, 0.1, 0.1};
    try (Matrix a = Spectra.matrix(backend, DType.F64, 5, VALUES);
        Matrix b = Spectra.matrix(backend, DType.F64, 6, weights);
        EigenPairs pairs = Eigensolver.generalized(backend, a, b);
        EigenPairs onRange = Eigensolver.generalizedOnRange(backend, a, b, 1e-12)) {
      checkGeneralized(backend, a, b, pairs);
      checkGeneralized(backend, a, b, onRange);
      assertArrayEquals(pairs.values().toArray(), onRange.values().toArray(), 1e-11);
    }
  }

  /** A v = λ B v holds on the range of B only up to what leaves it. */
  @EveryBackend
  void solvesGeneralizedProblemsOnARange(Backend backend) {
    double[] weights = {5, 4, 3, 2, 0, 0, 0, 0, 0, 0};
    try (Matrix a = Spectra.matrix(backend, DType.F64, 7, VALUES);
        Matrix b = Spectra.matrix(backend, DType.F64, 8, weights);
        EigenPairs pairs = Eigensolver.generalizedOnRange(backend, a, b, 1e-10)) {
      assertEquals(4, pairs.vectors().rows());
      try (Matrix gram = form(backend, pairs.vectors(), b); Matrix values = form(backend, pairs.vectors(), a)) {
        for (int i = 0; i < 4; i++) {
          for (int j = 0; j < 4; j++) {
            assertEquals(i == j ? 1 : 0, gram.get(i, j), 1e-12);
            assertEquals(i == j ? pairs.values().get(0, i) : 0, values.get(i, j), 1e-11);
          }
        }
      }
      NotPositiveDefinite e = assertThrows(NotPositiveDefinite.class, () -> Eigensolver.generalized(backend, a, b));
      assertTrue(e.getMessage().contains("not positive definite"), e::getMessage);
    }
  }

  private static void checkGeneralized(Backend backend, Matrix a, Matrix b, EigenPairs pairs) {
    try (Matrix left = backend.zeros(DType.F64, 10, 10); Matrix right = backend.zeros(DType.F64, 10, 10);
        Matrix values = backend.zeros(DType.F64, 10, 1); Matrix gram = form(backend, pairs.vectors(), b)) {
      backend.gemm(Transpose.NO, Transpose.NO, 1, pairs.vectors(), a, 0, left);
      backend.gemm(Transpose.NO, Transpose.NO, 1, pairs.vectors(), b, 0, right);
      values.copyFrom(pairs.values().toArray());
      backend.multiplyColumn(values, right, right);
      assertTrue(backend.distance(left, right) <= 1e-10);
      backend.shiftDiagonal(-1, gram);
      assertTrue(backend.maxAbs(gram) <= 1e-12);
    }
  }

  /** {@code V B Vᵀ}. */
  private static Matrix form(Backend backend, Matrix v, Matrix b) {
    Matrix form = backend.zeros(DType.F64, v.rows(), v.rows());
    try (Matrix product = backend.zeros(DType.F64, v.rows(), b.cols())) {
      backend.gemm(Transpose.NO, Transpose.NO, 1, v, b, 0, product);
      backend.gemm(Transpose.NO, Transpose.YES, 1, product, v, 0, form);
    }
    return form;
  }

  @EveryBackend
  void refusesWhatHasNoDecomposition(Backend backend, DType dtype) {
    try (Matrix skew = backend.zeros(dtype, 3, 3); Matrix wide = backend.zeros(dtype, 2, 3);
        Matrix poisoned = backend.zeros(dtype, 400, 400); Matrix fine = backend.zeros(dtype, 4, 4)) {
      skew.set(0, 2, 1);
      poisoned.set(399, 7, Double.NaN);
      refused(InvalidArgument.class, () -> Eigensolver.full(backend, skew),
          "A(3x3) is not symmetric: entries differ from their mirror images by up to 1.0");
      refused(InvalidArgument.class, () -> Operators.explicit(backend, skew), "allowed: 1.0E-");
      refused(ShapeMismatch.class, () -> Eigensolver.full(backend, wide), "A(2x3) must be square");
      refused(NonFinite.class, () -> Operators.explicit(backend, poisoned), "row 399, column 7");
      poisoned.set(399, 7, 0);
      poisoned.set(161, 380, Double.POSITIVE_INFINITY);
      refused(NonFinite.class, () -> Eigensolver.full(backend, poisoned), "row 161, column 380");
      SymmetricOperator operator = Operators.explicit(backend, fine);
      refused(InvalidArgument.class, () -> Eigensolver.largest(operator, 5), "5 eigenpairs of an operator of size 4");
      refused(InvalidArgument.class, () -> Eigensolver.smallest(operator, 0), "0 eigenpairs");
      refused(InvalidArgument.class, () -> Eigensolver.randomized(operator, 9, EigenOptions.DEFAULTS), "9 eigenpairs");
      refused(ShapeMismatch.class, () -> Eigensolver.generalized(backend, fine, skew), "must have one shape");
      refused(InvalidArgument.class, () -> Eigensolver.generalizedOnRange(backend, fine, fine, 1), "cutoff 1.0");
      refused(InvalidArgument.class, () -> EigenOptions.DEFAULTS.withTolerance(-1), "tolerance -1.0");
      refused(InvalidArgument.class, () -> EigenOptions.DEFAULTS.withPasses(0), "passes 0");
    }
  }

  @EveryBackend
  void anEmptyMatrixHasNoPairs(Backend backend, DType dtype) {
    try (Matrix empty = backend.zeros(dtype, 0, 0); EigenPairs all = Eigensolver.full(backend, empty);
        Matrix one = Spectra.matrix(backend, dtype, 1, 5); Matrix hidden = backend.matrix(1, 1, 1)) {
      assertEquals(0, all.values().size());
      assertEquals(0, all.vectors().rows());
      SymmetricOperator operator = Operators.explicit(backend, empty);
      String text = "eigensolver: an operator of size 0 has no eigenpairs; it needs at least one row";
      refused(InvalidArgument.class, () -> Eigensolver.largest(operator, 1), text);
      refused(InvalidArgument.class, () -> Eigensolver.smallest(operator, 1), text);
      refused(InvalidArgument.class, () -> Eigensolver.randomized(operator, 1, EigenOptions.DEFAULTS), text);
      refused(InvalidArgument.class, () -> Eigensolver.largest(Operators.explicit(backend, one), 1,
          EigenOptions.DEFAULTS.withDeflated(hidden)), "of size 1 with as many vectors deflated has no eigenpairs");
    }
  }

  /** Numbers whose reciprocals are infinite. */
  @Test
  void residualsOfSubnormalMatricesAreFinite() {
    double[] spectrum = {3e-310, 2e-310, -1e-310};
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        Matrix a = Spectra.matrix(backend, DType.F64, 1, spectrum);
        EigenPairs all = Eigensolver.full(backend, a);
        EigenPairs first = Eigensolver.largest(Operators.explicit(backend, a), 1)) {
      assertTrue(all.worstResidual() <= 1e-12, () -> "residual " + all.worstResidual());
      assertTrue(first.worstResidual() <= 1e-12, () -> "residual " + first.worstResidual());
    }
  }

  /** A decomposition that takes the place of an iteration is held to the same tolerance. */
  @EveryBackend
  void saysWhatTheWholeDecompositionReached(Backend backend) {
    try (Matrix a = Spectra.matrix(backend, DType.F64, 2, 3, 2, 1, 0.5, 0.25, 0.125)) {
      var options = EigenOptions.DEFAULTS.withTolerance(1e-30);
      refused(NotConverged.class, () -> Eigensolver.largest(Operators.explicit(backend, a), 2, options),
          "where 1.0E-30 was asked for");
    }
  }

  private static void refused(Class<? extends ContraSpectraException> type, Runnable call, String text) {
    ContraSpectraException e = assertThrows(type, call::run);
    assertTrue(e.getMessage().contains(text), e::getMessage);
  }
}
