package io.contraspectra.core.matrix;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.IntStream;

/** A value outside the domain of a parameter, or an unknown name. */
public final class InvalidArgument extends ContraSpectraException {

  private static final long serialVersionUID = 1;

  public InvalidArgument(String message) {
    super(message);
  }

  /**
   * A name that nobody knows, with the nearest one that exists.
   *
   * @param kind what is named, e.g. {@code loss}
   * @param name what was given
   * @param known all names that exist, at least one
   */
  public static InvalidArgument unknown(String kind, String name, Collection<String> known) {
    return new InvalidArgument("unknown " + kind + " '" + name + "'; did you mean " + nearest(name, known)
        + "? Known are " + String.join(", ", known));
  }

  /**
   * The name that takes the fewest edits to get from what was given.
   *
   * @param known all names that exist, at least one
   */
  public static String nearest(String name, Collection<String> known) {
    return known.stream().min(Comparator.comparingInt(candidate -> distance(name, candidate))).orElseThrow();
  }

  /** Levenshtein's distance: the least number of characters to insert, delete or replace. */
  private static int distance(String a, String b) {
    int[] above = IntStream.rangeClosed(0, b.length()).toArray();
    for (int i = 1; i <= a.length(); i++) {
      var row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
