package io.contraspectra.core.graph;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The relations that labels and augmentations define (spectral.md 1). */
public final class Relations {

  private Relations() {}

  /**
   * Equal labels are related by {@code 1/n_c}, every sample also with itself: all degrees are 1, and G is the projector
   * onto the indicators of the classes.
   *
   * @param labels one a sample, any integers
   */
  public static RelationGraph labels(int... labels) {
    return labels(labels, true);
  }

  /** Equal labels are related by 1, every sample also with itself. */
  public static RelationGraph rawLabels(int... labels) {
    return labels(labels, false);
  }

  /**
   * Views of one sample are related by 1, none with itself: {@code I_n ⊗ (1 1ᵀ − I_V)}; views of a sample follow each
   * other.
   *
   * @param samples n, at least 1
   * @param views V, at least 2
   */
  public static RelationGraph augmentations(int samples, int views) {
    if (samples < 1 || views < 2) {
      throw new InvalidArgument("graph: " + samples + " samples of " + views + " views; at least one sample and two"
          + " views of each are needed to relate anything");
    }
    long vertices = (long) samples * views;
    var builder = new GraphBuilder(vertices(vertices), vertices * (views - 1));
    for (int i = 0; i < vertices; i++) {
      int first = i / views * views;
      for (int j = first; j < first + views; j++) {
        builder.add(j, i == j ? 0 : 1);
      }
      builder.endRow();
    }
    return builder.build();
  }

  /**
   * Row i of a first view is related by 1 to row i of a second one, {@code [[0, I], [I, 0]]}; the second view's rows
   * come after all of the first's.
   *
   * @param samples n, at least 1
   */
  public static RelationGraph twoViews(int samples) {
    if (samples < 1) {
      throw new InvalidArgument("graph: two views of " + samples + " samples; at least one is needed");
    }
    var builder = new GraphBuilder(vertices(2L * samples), 2L * samples);
    for (int i = 0; i < 2 * samples; i++) {
      builder.add(i < samples ? i + samples : i - samples, 1);
      builder.endRow();
    }
    return builder.build();
  }

  private static RelationGraph labels(int[] labels, boolean normalised) {
    if (labels.length == 0) {
      throw new InvalidArgument("graph: no labels; give one a sample");
    }
    int[] classes = Arrays.stream(labels).distinct().sorted().toArray();
    var members = new int[classes.length][];
    for (int c = 0; c < classes.length; c++) {
      members[c] = members(labels, classes[c]);
    }
    long entries = Arrays.stream(members).mapToLong(m -> (long) m.length * m.length).sum();
    var builder = new GraphBuilder(labels.length, entries);
    for (int label : labels) {
      int[] related = members[Arrays.binarySearch(classes, label)];
      for (int j : related) {
        builder.add(j, normalised ? 1.0 / related.length : 1);
      }
      builder.endRow();
    }
    return builder.build();
  }

  private static int[] members(int[] labels, int label) {
    return IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
  }

  private static int vertices(long count) {
    if (count > Integer.MAX_VALUE - 8) {
      throw new InvalidArgument("graph: " + count + " vertices are more than one graph can hold");
    }
    return (int) count;
  }
}
