package io.contraspectra.experiments.cli;

import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.experiments.report.Axis;
import io.contraspectra.experiments.report.Figure;
import io.contraspectra.experiments.report.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The first two dimensions of an embedding as a scatter plot, coloured by class where classes are known. */
final class EmbeddingFigure {

  /** More classes than this would make a legend taller than the plot. */
  private static final int MOST_CLASSES = 20;

  private EmbeddingFigure() {}

  static Figure of(String method, Embedding embedding, Optional<int[]> labels) {
    int samples = (int) embedding.points().rows();
    int dims = (int) embedding.points().cols();
    double[] points = embedding.points().toArray();
    var series = new ArrayList<Series>();
    int[] classes = labels.map(y -> Arrays.stream(y).distinct().sorted().toArray()).orElse(new int[0]);
    if (classes.length == 0 || classes.length > MOST_CLASSES) {
      series.add(points(samples + " samples", points, dims, IntStream.range(0, samples)));
    } else {
      for (int label : classes) {
        int[] y = labels.orElseThrow();
        series.add(points("class " + label, points, dims, IntStream.range(0, samples).filter(i -> y[i] == label)));
      }
    }
    return new Figure("embedding", method, "", Axis.linear("dimension 1"), Axis.linear("dimension 2"),
        List.copyOf(series));
  }

  private static Series points(String name, double[] points, int dims, IntStream samples) {
    int[] chosen = samples.toArray();
    return Series.points(name, Arrays.stream(chosen).mapToDouble(i -> points[i * dims]).toArray(),
        Arrays.stream(chosen).mapToDouble(i -> points[i * dims + 1]).toArray());
  }
}
