package io.contraspectra.experiments.report;

import java.awt.BasicStroke;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Turns a figure into an XChart chart. XChart's own error bars are symmetric and its fits do not exist, so the bars and
 * the fit of a series are series of their own that the legend does not list.
 */
final class FigureChart {
  private static final double CAP = 0.006;
  /** Markers closer than this fraction of the axis would run into each other. */
  private static final double MARKER_DISTANCE = 0.02;
  private static final int MANY_POINTS = 40;

  private final Figure figure;
  private final Span xSpan;
  private final Span ySpan;
  private final PlottedAxis x;
  private final PlottedAxis y;
  private final XYChart chart;
  private int drawn;

  private FigureChart(Figure figure) {
    this.figure = figure;
    xSpan = Span.around(figure.x(), shown().mapToDouble(Point::x));
    ySpan = Span.around(figure.y(), shown().flatMapToDouble(p -> DoubleStream.of(p.low(), p.y(), p.high())));
    x = new PlottedAxis(xSpan);
    y = new PlottedAxis(ySpan);
    chart = FigureStyle.emptyChart(figure);
  }

  static XYChart of(Figure figure) {
    return new FigureChart(figure).draw();
  }

  private XYChart draw() {
    x.applyToX(chart);
    y.applyToY(chart);
    // A point that cannot be drawn: it lets XChart draw empty axes, and keeps it from putting ticks at the data only.
    add(new Trace(x, y).lift(), Pen.THIN, new Pen(Palette.NEUTRAL, SeriesMarkers.NONE)).setShowInLegend(false);
    List<Pen> pens = Pen.forAll(figure.series());
    for (int i = 0; i < pens.size(); i++) {
      if (figure.series().get(i).points().stream().anyMatch(point -> FigureNotes.shows(figure, point))) {
        draw(figure.series().get(i), pens.get(i));
      }
    }
    chart.getStyler().setLegendVisible(drawn > 0);
    return chart;
  }

  private void draw(Series series, Pen pen) {
    drawn++;
    drawFit(series, pen);
    drawErrorBars(series, pen);
    switch (series.style()) {
      case LINE -> drawLine(series, pen);
      case POINTS -> inLegend(series, add(markers(series, 0), SeriesLines.NONE, pen));
      case DASHED -> inLegend(series, add(strokes(series), Pen.DASHED, pen)).setMarker(SeriesMarkers.NONE);
    }
  }

  private void drawLine(Series series, Pen pen) {
    if (series.points().size() <= MANY_POINTS) {
      inLegend(series, add(strokes(series), Pen.SOLID, pen));
      return;
    }
    aside(add(strokes(series), Pen.SOLID, pen)).setMarker(SeriesMarkers.NONE);
    inLegend(series, add(markers(series, MARKER_DISTANCE), SeriesLines.NONE, pen));
  }

  private void drawFit(Series series, Pen pen) {
    series.fit().ifPresent(fit -> {
      var line = new Trace(x, y);
      var ends = series.points().stream().filter(p -> FigureNotes.shows(figure, p)).mapToDouble(Point::x)
          .summaryStatistics();
      DoubleStream.of(ends.getMin(), ends.getMax())
          .filter(end -> figure.y().shows(fit.at(end, figure.x(), figure.y())))
          .forEach(end -> line.to(end, fit.at(end, figure.x(), figure.y())));
      if (!line.isEmpty()) {
        aside(add(line, Pen.THIN, pen)).setMarker(SeriesMarkers.NONE);
      }
    });
  }

  private void drawErrorBars(Series series, Pen pen) {
    var bars = new Trace(x, y);
    series.points().stream()
        .filter(point -> FigureNotes.shows(figure, point) && point.hasBar())
        .forEach(point -> drawErrorBar(point, bars));
    if (!bars.isEmpty()) {
      aside(add(bars, Pen.THIN, pen)).setMarker(SeriesMarkers.NONE);
    }
  }

  /** An end that the axis cannot show runs out of the plot and gets no cap. */
  private void drawErrorBar(Point point, Trace bars) {
    double low = Double.isNaN(point.low()) ? point.y() : point.low();
    double high = Double.isNaN(point.high()) ? point.y() : point.high();
    bars.to(point.x(), ySpan.clamp(low)).to(point.x(), ySpan.clamp(high)).lift();
    DoubleStream.of(low, high)
        .filter(end -> end != point.y() && ySpan.contains(end))
        .forEach(end -> bars.to(xSpan.shift(point.x(), -CAP), end).to(xSpan.shift(point.x(), CAP), end).lift());
  }

  /** The points joined by lines, interrupted where one is missing. */
  private Trace strokes(Series series) {
    var trace = new Trace(x, y);
    for (Point point : series.points()) {
      if (FigureNotes.shows(figure, point)) {
        trace.to(point.x(), point.y());
      } else {
        trace.lift();
      }
    }
    return trace;
  }

  /** The points alone, those left out that are closer to the one before than a fraction of the horizontal axis. */
  private Trace markers(Series series, double distance) {
    var trace = new Trace(x, y);
    double free = Double.NEGATIVE_INFINITY;
    for (Point point : series.points()) {
      if (FigureNotes.shows(figure, point) && (distance == 0 || point.x() >= free)) {
        trace.to(point.x(), point.y());
        free = xSpan.shift(point.x(), distance);
      }
    }
    return trace;
  }

  private XYSeries add(Trace trace, BasicStroke stroke, Pen pen) {
    // Series are told apart by name, and two of ours may have the same; the legend shows labels.
    XYSeries series = chart.addSeries("series " + chart.getSeriesMap().size(), trace.xs(), trace.ys());
    series.setLineColor(pen.colour()).setLineStyle(stroke);
    series.setMarkerColor(pen.colour()).setMarker(pen.marker());
    return series;
  }

  private static XYSeries inLegend(Series series, XYSeries plotted) {
    plotted.setLabel(SeriesNames.legend(series));
    return plotted;
  }

  private static XYSeries aside(XYSeries plotted) {
    plotted.setShowInLegend(false);
    return plotted;
  }

  private Stream<Point> shown() {
    return figure.series().stream().flatMap(series -> series.points().stream())
        .filter(point -> FigureNotes.shows(figure, point));
  }
}
