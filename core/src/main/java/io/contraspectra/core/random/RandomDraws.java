package io.contraspectra.core.random;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What experiments draw besides single numbers. Normal numbers come from {@link RandomGenerator#nextGaussian()},
 * McFarland's modified ziggurat.
 */
public final class RandomDraws {

  private RandomDraws() {}

  /** {@code count} independent numbers from N(0, 1). */
  public static double[] gaussian(RandomGenerator random, int count) {
    var numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextGaussian();
    }
    return numbers;
  }

  /** A vector that is uniform on the unit sphere of the given dimension, at least 1: a normal vector, normalised. */
  public static double[] unitVector(RandomGenerator random, int dimension) {
    if (dimension < 1) {
      throw new InvalidArgument("unit vector of dimension " + dimension + ": the dimension must be at least 1");
    }
    double[] vector;
    double norm;
    do {
      vector = gaussian(random, dimension);
      norm = Math.sqrt(sumOfSquares(vector));
    } while (norm == 0);
    for (int i = 0; i < dimension; i++) {
      vector[i] /= norm;
    }
    return vector;
  }

  /**
   * Distinct indices below {@code bound} in random order; every ordered choice is equally likely.
   *
   * @param count how many, from 0 to {@code bound}; with {@code bound} itself the result is a permutation
   */
  public static int[] distinct(RandomGenerator random, int count, int bound) {
    if (count < 0 || count > bound) {
      throw new InvalidArgument("cannot draw " + count + " distinct indices below " + bound);
    }
    int[] indices = IntStream.range(0, bound).toArray();
    // Fisher and Yates' shuffle, as far as it is needed.
    var drawn = new int[count];
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i, bound);
      drawn[i] = indices[other];
      indices[other] = indices[i];
    }
    return drawn;
  }

  private static double sumOfSquares(double[] vector) {
    double sum = 0;
    for (double component : vector) {
      sum += component * component;
    }
    return sum;
  }
}
