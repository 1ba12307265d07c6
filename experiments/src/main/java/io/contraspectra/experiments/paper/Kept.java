package io.contraspectra.experiments.paper;

import java.util.function.Function;

/**
 * How the cells of an experiment are kept: under which names, and as which numbers.
 *
 * @param name tells a cell from all others of the experiment and says which settings it depends on beside
 *     {@link ExperimentSettings}, in one line; two cells with the same name have the same result
 * @param sheet a result as numbers
 * @param result the result that has these numbers, bit for bit
 */
public record Kept<C, R>(
    Function<? super C, String> name, Function<R, Measured.Sheet> sheet, Function<Measured.Sheet, R> result) {

  /** Cells whose results are sheets. */
  public static <C> Kept<C, Measured.Sheet> sheets(Function<? super C, String> name) {
    return new Kept<>(name, sheet -> sheet, sheet -> sheet);
  }
}
