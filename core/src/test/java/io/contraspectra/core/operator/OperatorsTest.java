package io.contraspectra.core.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Operators made of operators do what the matrices made of their matrices do. */
class OperatorsTest {

  private static final int N = 9;

  @EveryBackend
  void agreeWithTheirMatrices(Backend backend) {
    double[] values = IntStream.range(0, N).mapToDouble(i -> i - 3.5).toArray();
    try (Matrix a = Spectra.matrix(backend, DType.F64, 1, values);
        Matrix b = Spectra.matrix(backend, DType.F64, 2, IntStream.range(0, N).mapToDouble(i -> 1 + i).toArray());
        Matrix p = Spectra.uniform(backend, 4, N, 3); Matrix l = backend.copyOf(b, DType.F64)) {
      SymmetricOperator left = Operators.explicit(backend, a);
      SymmetricOperator right = Operators.explicit(backend, b);
      assertIs(backend, Operators.sum(left, right), (i, j) -> a.get(i, j) + b.get(i, j));
      assertIs(backend, Operators.affine(-2, left, 5), (i, j) -> -2 * a.get(i, j) + (i == j ? 5 : 0));
      assertIs(backend, Operators.centred(left), (i, j) -> a.get(i, j) - mean(a, i) - mean(a, j) + mean(a));
      assertIs(backend, Operators.compressed(left, p), (i, j) -> form(p, i, a, p, j));
      backend.cholesky(l);
      try (Matrix inverse = inverse(backend, l)) {
        assertIs(backend, Operators.reduced(left, l), (i, j) -> form(inverse, i, a, inverse, j));
      }
      assertEquals(IntStream.range(0, N).mapToDouble(i -> i - 3.5).sum(), left.trace().orElseThrow(), 1e-12);
      assertEquals(left.trace().orElseThrow() + right.trace().orElseThrow(),
          Operators.sum(left, right).trace().orElseThrow(), 1e-12);
      assertEquals(-2 * left.trace().orElseThrow() + 5 * N, Operators.affine(-2, left, 5).trace().orElseThrow(), 1e-12);
      assertTrue(Operators.centred(left).trace().isEmpty());
    }
  }

  private interface Entry {
    double at(int row, int col);
  }

  private static void assertIs(Backend backend, SymmetricOperator operator, Entry expected) {
    assertTrue(operator.flops(2) > operator.flops(1) && operator.preferredBlock() >= 1);
    int n = (int) operator.size();
    try (Matrix matrix = Operators.toMatrix(operator); Matrix rows = backend.zeros(DType.F64, 2, n)) {
      operator.rows(new int[] {n - 1, 0}, rows);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          assertEquals(expected.at(i, j), matrix.get(i, j), 1e-12);
        }
        assertEquals(expected.at(n - 1, i), rows.get(0, i), 1e-12);
        assertEquals(expected.at(0, i), rows.get(1, i), 1e-12);
      }
    }
  }

  @EveryBackend
  void partsMustFit(Backend backend) {
    try (Matrix a = backend.zeros(DType.F64, 3, 3); Matrix b = backend.zeros(DType.F64, 4, 4);
        Matrix c = backend.zeros(DType.F32, 3, 3)) {
      SymmetricOperator three = Operators.explicit(backend, a);
      SymmetricOperator four = Operators.explicit(backend, b);
      SymmetricOperator single = Operators.explicit(backend, c);
      Function<Runnable, String> refusal = call -> assertThrows(InvalidArgument.class, call::run).getMessage();
      assertTrue(refusal.apply(() -> Operators.sum(three, four)).contains("sizes 3 and 4"));
      assertTrue(refusal.apply(() -> Operators.sum(three, single)).contains("F64 and F32"));
      assertTrue(refusal.apply(() -> Operators.compressed(three, b)).contains("P(4x4)"));
      assertTrue(refusal.apply(() -> Operators.reduced(three, b)).contains("L(4x4)"));
    }
  }

  private static double mean(Matrix a, int row) {
    return IntStream.range(0, N).mapToDouble(j -> a.get(row, j)).average().orElseThrow();
  }

  private static double mean(Matrix a) {
    return IntStream.range(0, N).mapToDouble(i -> mean(a, i)).average().orElseThrow();
  }

  private static double form(Matrix p, int i, Matrix a, Matrix q, int j) {
    double sum = 0;
    for (int k = 0; k < N; k++) {
      for (int m = 0; m < N; m++) {
        sum += p.get(i, k) * a.get(k, m) * q.get(j, m);
      }
    }
    return sum;
  }

  /** Of a lower triangle, by forward substitution. */
  private static Matrix inverse(Backend backend, Matrix l) {
    Matrix inverse = backend.zeros(DType.F64, N, N);
    for (int col = 0; col < N; col++) {
      for (int row = col; row < N; row++) {
        double sum = row == col ? 1 : 0;
        for (int k = col; k < row; k++) {
          sum -= l.get(row, k) * inverse.get(k, col);
        }
        inverse.set(row, col, sum / l.get(row, row));
      }
    }
    try (Matrix product = backend.zeros(DType.F64, N, N)) {
      backend.gemm(Transpose.NO, Transpose.NO, 1, l, inverse, 0, product);
      backend.shiftDiagonal(-1, product);
      assertTrue(backend.maxAbs(product) <= 1e-12);
    }
    return inverse;
  }
}
