package io.contraspectra.experiments.paper;

import io.contraspectra.experiments.report.Series;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/** Series of figures from what several seeds measured. */
public final class SeedSeries {

  private SeedSeries() {}

  /**
   * Means over the seeds, with bars from the smallest value to the largest.
   *
   * @param quantity the name of the quantity at each x
   * @return nothing if no seed has one of the quantities
   */
  public static Optional<Series> means(Measured measured, String name, double[] x, DoubleFunction<String> quantity) {
    List<List<Double>> values = DoubleStream.of(x).mapToObj(at -> measured.of(quantity.apply(at))).toList();
    if (values.stream().anyMatch(List::isEmpty)) {
      return Optional.empty();
    }
    return Optional.of(Series.line(name, x, each(values, DoubleStream::average))
        .withErrorBars(each(values, DoubleStream::min), each(values, DoubleStream::max)));
  }

  private static double[] each(List<List<Double>> values, Function<DoubleStream, OptionalDouble> summary) {
    return values.stream()
        .mapToDouble(list -> summary.apply(list.stream().mapToDouble(Double::doubleValue)).orElse(Double.NaN))
        .toArray();
  }
}
