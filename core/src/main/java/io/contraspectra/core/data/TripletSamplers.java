package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.random.RandomDraws;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Draws triplets of unit rows as in ntk.md, section 3. Unless there are classes, the positive of a row x is
 * {@code unit(x + 0.3 u)} with u uniform on the unit sphere, and the negative has nothing to do with x. With classes the
 * positive is of the anchor's class and the negative of another one.
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
      double[] anchor = RandomDraws.unitVector(random, d);
      double[] negative = RandomDraws.unitVector(random, d);
      rows.set(i, anchor, perturbed(anchor, random), negative);
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
    return sampled(data, mean(data, IntStream.range(0, data.rows()).toArray()), n, random);
  }

  /**
   * Points {@code unit(e_c + 0.3 u)} around the first unit vectors e_c, one for each class; anchors take the classes in
   * turn.
   *
   * @param d dimension, at least the number of classes
   * @param classes at least 2
   */
  public static Triplets clusters(int n, int d, int classes, RandomGenerator random) {
    if (classes < 2 || classes > d) {
      throw new InvalidArgument(classes + " clusters in " + d + " dimensions: from 2 to " + d + " are possible, each"
          + " around a unit vector of its own");
    }
    var rows = new Rows(n, d);
    for (int i = 0; i < n; i++) {
      int c = i % classes;
      double[] anchor = perturbed(unit(c, d), random);
      double[] positive = perturbed(unit(c, d), random);
      rows.set(i, anchor, positive, perturbed(unit(other(c, classes, random), d), random));
    }
    return rows.triplets();
  }

  private static double[] unit(int c, int d) {
    var vector = new double[d];
    vector[c] = 1;
    return vector;
  }

  /** Another class, each as likely. */
  private static int other(int c, int classes, RandomGenerator random) {
    return (c + 1 + random.nextInt(classes - 1)) % classes;
  }

  /**
   * Samples of some classes; the mean of all samples of these classes is subtracted before scaling. Anchors are distinct;
   * a positive or a negative is any sample of its class, and may be the anchor itself.
   *
   * @param classes their labels, at least 2 distinct ones
   * @param n at most the number of samples of these classes
   * @throws InvalidData if the data have no labels, none of some class, or a sample that was drawn is the mean
   */
  public static Triplets fromClasses(LabelledData data, List<Integer> classes, int n, RandomGenerator random) {
    int[][] members = members(data, classes);
    int[] all = Stream.of(members).flatMapToInt(IntStream::of).toArray();
    if (n > all.length) {
      throw new InvalidArgument("cannot draw " + n + " triplets from the " + all.length + " samples of the classes "
          + classes + " of " + data.name() + ": anchors are distinct");
    }
    double[] origin = mean(data, all);
    int[] drawn = RandomDraws.distinct(random, n, all.length);
    var rows = new Rows(n, data.cols());
    for (int i = 0; i < n; i++) {
      int anchor = all[drawn[i]];
      int c = classes.indexOf(data.requireLabels()[anchor]);
      int[] same = members[c];
      int[] others = members[other(c, members.length, random)];
      rows.set(i, direction(data, anchor, origin), direction(data, same[random.nextInt(same.length)], origin),
          direction(data, others[random.nextInt(others.length)], origin));
    }
    return rows.triplets();
  }

  private static int[][] members(LabelledData data, List<Integer> classes) {
    if (classes.stream().distinct().count() != classes.size() || classes.size() < 2) {
      throw new InvalidArgument("triplets of the classes " + classes + ": at least 2 distinct classes are needed");
    }
    int[] labels = data.requireLabels();
    int[][] members = classes.stream()
        .map(c -> IntStream.range(0, labels.length).filter(row -> labels[row] == c).toArray()).toArray(int[][]::new);
    for (int c = 0; c < members.length; c++) {
      if (members[c].length == 0) {
        throw new InvalidData(data.name() + " has no sample of class " + classes.get(c) + "; choose among "
            + IntStream.of(labels).distinct().sorted().boxed().toList());
      }
    }
    return members;
  }

  private static Triplets sampled(LabelledData data, double[] origin, int n, RandomGenerator random) {
    if (n < 1 || n > data.rows() / 2) {
      throw new InvalidArgument("cannot draw " + n + " triplets from the " + data.rows() + " samples of " + data.name()
          + ": anchors and negatives are distinct, so n may be 1 to " + data.rows() / 2);
    }
    int[] drawn = RandomDraws.distinct(random, 2 * n, data.rows());
    var rows = new Rows(n, data.cols());
    for (int i = 0; i < n; i++) {
      double[] anchor = direction(data, drawn[i], origin);
      rows.set(i, anchor, perturbed(anchor, random), direction(data, drawn[n + i], origin));
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

  /** The mean of some samples. */
  private static double[] mean(LabelledData data, int[] rows) {
    var mean = new double[data.cols()];
    for (int row : rows) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += data.features()[row * mean.length + j];
      }
    }
    for (int j = 0; j < mean.length; j++) {
      mean[j] /= rows.length;
    }
    return mean;
  }

  /** {@code unit(x + 0.3 u)}. */
  private static double[] perturbed(double[] x, RandomGenerator random) {
    double[] moved = RandomDraws.unitVector(random, x.length);
    for (int j = 0; j < x.length; j++) {
      moved[j] = x[j] + PERTURBATION * moved[j];
    }
    return normalise(moved);
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

    void set(int row, double[] anchor, double[] positive, double[] negative) {
      System.arraycopy(anchor, 0, anchors, row * d, d);
      System.arraycopy(positive, 0, positives, row * d, d);
      System.arraycopy(negative, 0, negatives, row * d, d);
    }

    Triplets triplets() {
      return new Triplets(n, d, anchors, positives, negatives);
    }
  }
}
