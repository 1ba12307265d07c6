package io.contraspectra.core.evaluate;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** How alike two partitions of the same samples are. Thread-safe. */
public final class RandIndex {

  private RandIndex() {}

  /**
   * Hubert and Arabie's adjusted Rand index (1985): 1 for the same partition, 0 on average for independent ones of the
   * same cluster sizes.
   *
   * @param a a label for each sample, at least two samples
   * @param b likewise; names of labels do not matter
   */
  public static double adjusted(int[] a, int[] b) {
    if (a.length != b.length) {
      throw new ShapeMismatch("adjusted Rand index: " + a.length + " and " + b.length
          + " labels; both partitions must label the same samples");
    }
    if (a.length < 2) {
      throw new InvalidArgument("adjusted Rand index: at least two samples are needed, got " + a.length);
    }
    var both = new HashMap<Long, Long>();
    for (int i = 0; i < a.length; i++) {
      both.merge(((long) a[i] << 32) ^ (b[i] & 0xffffffffL), 1L, Long::sum);
    }
    double together = pairs(both);
    double inA = pairs(counts(a));
    double inB = pairs(counts(b));
    double expected = inA * inB / (0.5 * a.length * (a.length - 1));
    double most = (inA + inB) / 2;
    // Both all in one cluster, or both all apart: the same partition.
    return most == expected ? 1 : (together - expected) / (most - expected);
  }

  private static Map<Integer, Long> counts(int[] labels) {
    var counts = new HashMap<Integer, Long>();
    Arrays.stream(labels).forEach(label -> counts.merge(label, 1L, Long::sum));
    return counts;
  }

  // Whole numbers, so that the order of a hash map cannot show.
  private static double pairs(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(count -> count * (count - 1) / 2).sum();
  }
}
