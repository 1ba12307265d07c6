package io.contraspectra.experiments.paper.ntkdrift;

import io.contraspectra.experiments.paper.PowerLaw;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How one quantity of a sweep changes with the width.
 *
 * @param sweep what was run
 * @param widths hidden widths, ascending
 * @param values one row for each width, one entry for each repetition
 */
record WidthLaw(Sweep sweep, List<Integer> widths, double[][] values) {

  static WidthLaw of(SweepResult result, ToDoubleFunction<DriftTrace> quantity) {
    return of(result, (_, trace) -> quantity.applyAsDouble(trace));
  }

  /** A quantity that depends on the width at which it is measured. */
  static WidthLaw of(SweepResult result, ToDoubleBiFunction<Integer, DriftTrace> quantity) {
    double[][] values = IntStream.range(0, result.widths().size())
        .mapToObj(i -> result.traces().get(i).stream()
            .mapToDouble(run ->
                run.map(trace -> quantity.applyAsDouble(result.widths().get(i), trace)).orElse(Double.NaN))
            .toArray())
        .toArray(double[][]::new);
    return new WidthLaw(result.sweep(), result.widths(), values);
  }

  /** The power law through the geometric means over repetitions. */
  PowerLaw fit() {
    return PowerLaw.of(widths, means(PowerLaw::geometricMean));
  }

  /** The exponent that each repetition alone gives. */
  List<Double> slopesBySeed() {
    return IntStream.range(0, values[0].length)
        .mapToObj(seed -> PowerLaw.of(widths, Stream.of(values).mapToDouble(row -> row[seed]).toArray()).slope())
        .toList();
  }

  /** The values at the largest width, repetition by repetition. */
  double[] widest() {
    return values[values.length - 1];
  }

  /** One number for each width. */
  double[] means(ToDoubleFunction<double[]> mean) {
    return Stream.of(values).mapToDouble(mean).toArray();
  }
}
