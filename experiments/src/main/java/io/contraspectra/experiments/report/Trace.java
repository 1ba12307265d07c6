package io.contraspectra.experiments.report;

import java.util.stream.DoubleStream;

/** Coordinates of one or more strokes, as XChart takes them: a NaN height lifts the pen. */
final class Trace {
  private final DoubleStream.Builder x = DoubleStream.builder();
  private final DoubleStream.Builder y = DoubleStream.builder();
  private final PlottedAxis xAxis;
  private final PlottedAxis yAxis;
  private boolean empty = true;

  Trace(PlottedAxis xAxis, PlottedAxis yAxis) {
    this.xAxis = xAxis;
    this.yAxis = yAxis;
  }

  /** Draws on to a point. */
  Trace to(double valueX, double valueY) {
    x.add(xAxis.coordinate(valueX));
    y.add(yAxis.coordinate(valueY));
    empty = false;
    return this;
  }

  /** The next point starts a new stroke. */
  Trace lift() {
    x.add(Double.NaN);
    y.add(Double.NaN);
    return this;
  }

  boolean isEmpty() {
    return empty;
  }

  double[] xs() {
    return x.build().toArray();
  }

  double[] ys() {
    return y.build().toArray();
  }
}
