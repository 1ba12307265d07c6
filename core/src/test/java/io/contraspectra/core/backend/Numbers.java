package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.DType;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Elements of test operands. */
final class Numbers {

  private static final long SEED = 20260601;

  private Numbers() {}

  /** The same numbers on every run, so that a failure can be seen again. */
  static RandomGenerator generator() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
  }

  /** Standard normal numbers that are exact in {@code dtype}. */
  static double[] gaussian(RandomGenerator random, DType dtype, int count) {
    return Arrays.stream(new double[count]).map(zero -> rounded(dtype, random.nextGaussian())).toArray();
  }

  static double[] absolute(double[] values) {
    return Arrays.stream(values).map(Math::abs).toArray();
  }

  static double[] nan(int count) {
    var values = new double[count];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  static double rounded(DType dtype, double value) {
    return dtype == DType.F32 ? (float) value : value;
  }
}
