package io.contraspectra.experiments.report;

import java.util.List;

/**
 * A plot, described without regard to what draws it.
 *
 * @param name stem of its files, for example {@code drift-by-width}
 * @param title one line above the plot
 * @param caption what to see in it, one or two sentences
 * @param x horizontal axis
 * @param y vertical axis
 * @param series what is plotted, in the order of the legend
 */
public record Figure(String name, String title, String caption, Axis x, Axis y, List<Series> series) {
  /** Copies the list, and refuses a name that would not do as the name of a file. */
  public Figure {
    if (!name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new IllegalArgumentException("figure: the name '" + name + "' must be of a-z, 0-9 and -");
    }
    series = List.copyOf(series);
  }
}
