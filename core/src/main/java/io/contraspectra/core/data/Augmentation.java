package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * How a view of a sample is made: an image is shifted, everything multiplied by one factor, noise added to every
 * feature, and features set to 0, in this order (alphacl.md 9). Immutable.
 *
 * @param noise standard deviation of the noise, at least 0
 * @param mask the probability that a feature becomes 0, from 0 to below 1
 * @param least the least factor
 * @param most the largest factor, at least {@code least}; drawn uniformly between them
 * @param shift the most pixels that a square image moves along each axis, zeros coming in; 0 for what is no image
 */
public record Augmentation(double noise, double mask, double least, double most, int shift) {

  /** Views that are the samples themselves. */
  public static final Augmentation NONE = new Augmentation(0, 0, 1, 1, 0);

  private static final List<String> NAMES = List.of("noise", "mask", "scale", "shift");

  public Augmentation {
    if (!(noise >= 0) || Double.isInfinite(noise)) {
      throw new InvalidArgument("augmentation: noise " + noise + "; it must be finite and not negative");
    }
    if (!(mask >= 0 && mask < 1)) {
      throw new InvalidArgument("augmentation: mask " + mask + "; a probability from 0 to below 1 is needed");
    }
    if (!(least <= most) || Double.isInfinite(least) || Double.isInfinite(most)) {
      throw new InvalidArgument("augmentation: scale " + least + ":" + most + "; two finite ascending numbers are"
          + " needed");
    }
    if (shift < 0) {
      throw new InvalidArgument("augmentation: shift " + shift + "; it must not be negative");
    }
  }

  /**
   * Reads e.g. {@code noise=.1,mask=.2,scale=.8:1.2,shift=1}; what is not named does not happen.
   *
   * @throws InvalidArgument for an unknown name, with the nearest one that exists, or for what is no number
   */
  public static Augmentation parse(String text) {
    Augmentation result = NONE;
    for (String part : text.split(",")) {
      String[] pair = part.split("=", 2);
      String name = pair[0].strip().toLowerCase(Locale.ROOT);
      String value = pair.length == 2 ? pair[1].strip() : "";
      String[] range = value.split(":", 2);
      result = switch (name) {
        case "noise" -> new Augmentation(number(name, value), result.mask, result.least, result.most, result.shift);
        case "mask" -> new Augmentation(result.noise, number(name, value), result.least, result.most, result.shift);
        case "scale" -> new Augmentation(result.noise, result.mask, number(name, range[0]),
            number(name, range[range.length - 1]), result.shift);
        case "shift" -> new Augmentation(result.noise, result.mask, result.least, result.most, pixels(value));
        default -> throw InvalidArgument.unknown("augmentation", name, NAMES);
      };
    }
    return result;
  }

  private static double number(String name, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException _) {
      throw new InvalidArgument("augmentation: '" + value + "' is no number; write " + name
          + (name.equals("scale") ? "=0.8:1.2" : "=0.1"));
    }
  }

  private static int pixels(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException _) {
      throw new InvalidArgument("augmentation: '" + value + "' is no whole number of pixels; write shift=1");
    }
  }

  /**
   * Refuses samples that cannot be shifted.
   *
   * @throws InvalidArgument if there is a shift and the features are no square image
   */
  void requireFits(String data, int features) {
    if (shift > 0 && side(features) * side(features) != features) {
      throw new InvalidArgument("augmentation: shift needs square images, " + data + " has " + features
          + " features a sample; leave shift out");
    }
  }

  private static int side(int features) {
    return (int) Math.round(Math.sqrt(features));
  }

  /** Writes a view of {@code x[from, from + d)} to {@code view[to, to + d)}; the arrays are different ones. */
  void view(double[] x, int from, double[] view, int to, int d, RandomGenerator random) {
    if (shift > 0) {
      shifted(x, from, view, to, side(d), random.nextInt(-shift, shift + 1), random.nextInt(-shift, shift + 1));
    } else {
      System.arraycopy(x, from, view, to, d);
    }
    double factor = least < most ? random.nextDouble(least, most) : least;
    for (int i = to; i < to + d; i++) {
      view[i] *= factor;
      if (noise > 0) {
        view[i] += noise * random.nextGaussian();
      }
      if (mask > 0 && random.nextDouble() < mask) {
        view[i] = 0;
      }
    }
  }

  private static void shifted(double[] x, int from, double[] view, int to, int side, int down, int right) {
    Arrays.fill(view, to, to + side * side, 0);
    for (int row = Math.max(0, down); row < Math.min(side, side + down); row++) {
      for (int col = Math.max(0, right); col < Math.min(side, side + right); col++) {
        view[to + row * side + col] = x[from + (row - down) * side + col - right];
      }
    }
  }
}
