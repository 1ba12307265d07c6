package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** {@link Backend#bitGemm} on zeros and ones, on what is no bits, and inside larger matrices. */
class BitGemmTest {

  private final Random random = new Random(1);

  /** Sizes that fill bytes of bits, tables and strips of columns, and some that do not. */
  @EveryBackend
  void zerosAndOnes(Backend backend, DType dtype) {
    for (double density : new double[] {0, 0.3, 1}) {
      DoubleSupplier bits = () -> random.nextDouble() < density ? 1 : 0;
      requireAgreement(backend, dtype, new Sizes(128, 70, 64, 1), bits);
      requireAgreement(backend, dtype, new Sizes(69, 17, 35, 1), bits);
      requireAgreement(backend, dtype, new Sizes(90, 200, 130, 1), bits);
      requireAgreement(backend, dtype, new Sizes(64, 1, 33, 1), bits);
    }
  }

  @EveryBackend
  void anyOtherNumbers(Backend backend, DType dtype) {
    requireAgreement(backend, dtype, new Sizes(80, 40, 40, 1), random::nextGaussian);
    var countdown = new int[] {81 * 41};
    requireAgreement(backend, dtype, new Sizes(81, 40, 41, 1), () -> --countdown[0] % 1000 == 1 ? 0.5 : 1);
  }

  private void requireAgreement(Backend backend, DType dtype, Sizes sizes, DoubleSupplier entries) {
    for (Transpose ta : Transpose.values()) {
      for (double beta : new double[] {0, 1, -0.5}) {
        boolean plain = ta == Transpose.NO;
        double[] a = numbers(plain ? sizes.m() : sizes.k(), plain ? sizes.k() : sizes.m(), entries);
        double[] b = numbers(sizes.k(), sizes.n(), random::nextGaussian);
        double[] c = numbers(sizes.m(), sizes.n(), random::nextGaussian);
        try (Backend reference = new Backend(new ReferenceEngine());
            Matrix expected = result(reference, dtype, sizes, ta, beta, a, b, c);
            Matrix actual = result(backend, dtype, sizes, ta, beta, a, b, c);
            Matrix there = reference.zeros(dtype, expected.rows(), expected.cols())) {
          there.copyFrom(actual.toArray());
          double error = reference.distance(expected, there) / Math.max(1, reference.norm(expected));
          assertTrue(error <= Accuracy.PRODUCT.tolerance(dtype, sizes), sizes + " " + ta + " " + beta + ": " + error);
        }
      }
    }
  }

  private static double[] numbers(int rows, int cols, DoubleSupplier entries) {
    var numbers = new double[rows * cols];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = entries.getAsDouble();
    }
    return numbers;
  }

  private static Matrix result(
      Backend backend, DType dtype, Sizes sizes, Transpose ta, double beta, double[] a, double[] b, double[] c) {
    boolean plain = ta == Transpose.NO;
    Matrix sum = backend.zeros(dtype, sizes.m(), sizes.n());
    // Of each operand only a part of a larger matrix.
    try (Matrix left = backend.zeros(dtype, (plain ? sizes.m() : sizes.k()) + 1, (plain ? sizes.k() : sizes.m()) + 3);
        Matrix right = backend.zeros(dtype, sizes.k() + 1, sizes.n() + 2);
        Matrix wide = backend.zeros(dtype, sizes.m(), sizes.n() + 5)) {
      Matrix chosen = left.block(1, 2, left.rows() - 1, left.cols() - 3);
      chosen.copyFrom(a);
      Matrix summands = right.block(1, 1, sizes.k(), sizes.n());
      summands.copyFrom(b);
      Matrix into = wide.block(0, 4, sizes.m(), sizes.n());
      into.copyFrom(c);
      backend.bitGemm(ta, chosen, summands, beta, into);
      backend.copy(into, sum);
    }
    return sum;
  }
}
