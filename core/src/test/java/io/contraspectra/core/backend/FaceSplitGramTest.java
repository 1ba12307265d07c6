package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** {@link Backend#faceSplitGram} on operands for which engines have ways of their own. */
class FaceSplitGramTest {

  private final Random random = new Random(1);

  /** Slopes of rectifiers; the numbers of units fill no whole word of a bit mask, one word, and more. */
  @EveryBackend
  void zerosAndOnes(Backend backend, DType dtype) {
    for (int units : new int[] {1, 39, 40, 41, 203}) {
      requireAgreement(backend, dtype, new Sizes(17, 31, units, 10), this::bit);
      requireAgreement(backend, dtype, new Sizes(1, 300, units, 5), this::bit);
      requireAgreement(backend, dtype, new Sizes(16, 16, units, 12), this::bit);
    }
  }

  @EveryBackend
  void oneEntryThatIsNoBit(Backend backend, DType dtype) {
    int[] calls = {0};
    requireAgreement(backend, dtype, new Sizes(17, 31, 50, 6), () -> calls[0]++ == 700 ? 0.5 : bit());
    calls[0] = 0;
    requireAgreement(backend, dtype, new Sizes(17, 31, 50, 6), () -> calls[0]++ == 1000 ? -1 : bit());
  }

  /** Rows of several samples share register tiles: bundles that are full, one that is not, units in chunks. */
  @EveryBackend
  void slopesOfSmoothActivations(Backend backend, DType dtype) {
    for (int samples : new int[] {1, 2, 3, 13, 40}) {
      requireAgreement(backend, dtype, new Sizes(samples, 37, 50, 4), random::nextGaussian);
      requireAgreement(backend, dtype, new Sizes(samples, 5, 530, 3), random::nextGaussian);
    }
    requireAgreement(backend, dtype, new Sizes(5, 70, 1100, 10), random::nextGaussian);
    requireAgreement(backend, dtype, new Sizes(3, 40, 2100, 4), random::nextGaussian);
    requireAgreement(backend, dtype, new Sizes(100, 40, 1, 2), random::nextGaussian);
  }

  @EveryBackend
  void manyOutputs(Backend backend, DType dtype) {
    requireAgreement(backend, dtype, new Sizes(5, 7, 300, 32), random::nextGaussian);
    requireAgreement(backend, dtype, new Sizes(5, 7, 300, 33), random::nextGaussian);
    requireAgreement(backend, dtype, new Sizes(2, 3, 9, 70), this::bit);
  }

  private double bit() {
    return random.nextBoolean() ? 1 : 0;
  }

  private void requireAgreement(Backend backend, DType dtype, Sizes sizes, DoubleSupplier slope) {
    try (var reference = new Backend(new ReferenceEngine());
        Matrix f = filled(reference, dtype, sizes.m(), sizes.n(), random::nextGaussian);
        Matrix g = filled(reference, dtype, sizes.m(), sizes.k(), slope);
        Matrix h = filled(reference, dtype, sizes.n(), sizes.k(), slope);
        Matrix w = filled(reference, dtype, sizes.repeat(), sizes.k(), random::nextGaussian);
        Matrix e = filled(reference, dtype, sizes.m(), sizes.n(), random::nextGaussian);
        Matrix c = reference.zeros(dtype, sizes.m() * sizes.repeat(), sizes.n() * sizes.repeat());
        Matrix actual = gram(backend, f, g, h, w, e);
        Matrix there = reference.zeros(dtype, c.rows(), c.cols())) {
      reference.faceSplitGram(f, g, h, w, e, c);
      there.copyFrom(actual.toArray());
      double error = reference.distance(c, there) / reference.norm(c);
      assertTrue(error <= Accuracy.PRODUCT.tolerance(dtype, sizes), sizes + ": " + error);
    }
  }

  private static Matrix gram(Backend backend, Matrix f, Matrix g, Matrix h, Matrix w, Matrix e) {
    Matrix gram = backend.zeros(f.dtype(), f.rows() * w.rows(), f.cols() * w.rows());
    try (Matrix f2 = copied(backend, f); Matrix g2 = copied(backend, g); Matrix h2 = copied(backend, h);
        Matrix w2 = copied(backend, w); Matrix e2 = copied(backend, e)) {
      backend.faceSplitGram(f2, g2, h2, w2, e2, gram);
    }
    return gram;
  }

  private static Matrix copied(Backend backend, Matrix x) {
    Matrix copy = backend.zeros(x.dtype(), x.rows(), x.cols());
    copy.copyFrom(x.toArray());
    return copy;
  }

  private static Matrix filled(Backend backend, DType dtype, int rows, int cols, DoubleSupplier value) {
    Matrix matrix = backend.zeros(dtype, rows, cols);
    var values = new double[rows * cols];
    Arrays.setAll(values, _ -> value.getAsDouble());
    matrix.copyFrom(values);
    return matrix;
  }
}
