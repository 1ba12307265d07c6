package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.DType;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Elements of test operands. */
final class Numbers {

  private Numbers() {}

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
