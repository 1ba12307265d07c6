package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.random.RandomDraws;
import java.util.random.RandomGenerator;

/**
 * Draws triplets of unit rows as in ntk.md, section 3. The positive of a row x is {@code unit(x + 0.3 u)} with u
 * uniform on the unit sphere; the negative has nothing to do with x.
 */
public final class TripletSamplers {

  private static final double PERTURBATION = 0.3;
  // Below this part of what was subtracted, a centred row is rounding error without a direction.
  private static final double NO_DIRECTION = 1e-12;

  private TripletSamplers() {}

  /** Anchors and negatives are independent and uniform on the sphere, as normalised N(0, I_d) vectors. */
  public static Triplets synthetic(int n, int d, RandomGenerator random) {
    var rows = new Rows(n, d);
    for (int i = 0; i < n; i++) {
      rows.set(i, RandomDraws.unitVector(random, d), RandomDraws.unitVector(random, d), random);
    }
    return rows.triplets();
  }

  /** {@link #fromData} on the bundled digits. */
  public static Triplets digits(int n, RandomGenerator random) {
    return fromData(Datasets.digits(), n, random);
  }

  /** {@link #fromCentredData} on the bundled digits. */
  public static Triplets centredDigits(int n, RandomGenerator random) {
    return fromCentredData(Datasets.digits(), n, random);
  }

  /**
   * Anchors and negatives are 2n distinct samples, scaled to norm 1.
   *
   * @param n number of triplets, at most half the number of samples
   * @throws InvalidData if a sample that was drawn is zero
   */
  public static Triplets fromData(LabelledData data, int n, RandomGenerator random) {
    return sampled(data, new double[data.cols()], n, random);
  }

  /** As {@link #fromData}, with the mean of all samples subtracted before scaling. */
  public static Triplets fromCentredData(LabelledData data, int n, RandomGenerator random) {
    return sampled(data, mean(data), n, random);
  }

  private static Triplets sampled(LabelledData data, double[] origin, int n, RandomGenerator random) {
    if (n < 1 || n > data.rows() / 2) {
      throw new InvalidArgument("cannot draw " + n + " triplets from the " + data.rows() + " samples of " + data.name()
          + ": anchors and negatives are distinct, so n may be 1 to " + data.rows() / 2);
    }
    int[] drawn = RandomDraws.distinct(random, 2 * n, data.rows());
    var rows = new Rows(n, data.cols());
    for (int i = 0; i < n; i++) {
      rows.set(i, direction(data, drawn[i], origin), direction(data, drawn[n + i], origin), random);
    }
    return rows.triplets();
  }

  /** unit(x - origin) for one sample x. */
  private static double[] direction(LabelledData data, int row, double[] origin) {
    double[] x = data.row(row);
    double size = norm(x) + norm(origin);
    for (int j = 0; j < x.length; j++) {
      x[j] -= origin[j];
    }
    if (norm(x) <= NO_DIRECTION * size) {
      throw new InvalidData(data.name() + ", row " + row + " (counted from 0) is zero" + (norm(origin) > 0
          ? " once the mean is subtracted" : "") + " and cannot be scaled to norm 1; remove it from the data");
    }
    return normalise(x);
  }

  private static double[] mean(LabelledData data) {
    var mean = new double[data.cols()];
    for (int i = 0; i < data.features().length; i++) {
      mean[i % data.cols()] += data.features()[i];
    }
    for (int j = 0; j < mean.length; j++) {
      mean[j] /= data.rows();
    }
    return mean;
  }

  private static double norm(double[] vector) {
    double squares = 0;
    for (double component : vector) {
      squares += component * component;
    }
    return Math.sqrt(squares);
  }

  private static double[] normalise(double[] vector) {
    double norm = norm(vector);
    for (int j = 0; j < vector.length; j++) {
      vector[j] /= norm;
    }
    return vector;
  }

  /** The rows drawn so far. */
  private record Rows(int n, int d, double[] anchors, double[] positives, double[] negatives) {

    Rows(int n, int d) {
      if (n < 1 || d < 1) {
        throw new InvalidArgument("triplets: n = " + n + " and d = " + d + " must be at least 1");
      }
      int size = Math.multiplyExact(n, d);
      this(n, d, new double[size], new double[size], new double[size]);
    }

    void set(int row, double[] anchor, double[] negative, RandomGenerator random) {
      double[] positive = RandomDraws.unitVector(random, d);
      for (int j = 0; j < d; j++) {
        positive[j] = anchor[j] + PERTURBATION * positive[j];
      }
      System.arraycopy(anchor, 0, anchors, row * d, d);
      System.arraycopy(normalise(positive), 0, positives, row * d, d);
      System.arraycopy(negative, 0, negatives, row * d, d);
    }

    Triplets triplets() {
      return new Triplets(n, d, anchors, positives, negatives);
    }
  }
}
