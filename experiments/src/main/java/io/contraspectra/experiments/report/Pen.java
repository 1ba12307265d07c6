package io.contraspectra.experiments.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.style.markers.Marker;

/**
 * How a series looks.
 *
 * @param colour of line and markers
 * @param marker its shape, if the series has markers
 */
record Pen(Color colour, Marker marker) {
  static final BasicStroke SOLID = new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  static final BasicStroke THIN = new BasicStroke(1.1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
  static final BasicStroke DASHED =
      new BasicStroke(1.8f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {7f, 4f}, 0f);

  /** One pen for every series. */
  static List<Pen> forAll(List<Series> series) {
    boolean paired = isPaired(series);
    long dashed = series.stream().filter(Pen::isDashed).count();
    var pens = new ArrayList<Pen>(series.size());
    int used = 0;
    for (Series each : series) {
      if (isDashed(each) && paired) {
        pens.add(pens.getLast());
      } else if (isDashed(each) && dashed == 1) {
        pens.add(new Pen(Palette.NEUTRAL, Palette.marker(0)));
      } else {
        pens.add(new Pen(Palette.colour(used), Palette.marker(used)));
        used++;
      }
    }
    return pens;
  }

  /** Whether measurement and theory alternate: then each dashed line belongs to the measurement before it. */
  private static boolean isPaired(List<Series> series) {
    return series.size() > 2 && series.size() % 2 == 0
        && IntStream.range(0, series.size()).allMatch(i -> isDashed(series.get(i)) == (i % 2 == 1));
  }

  private static boolean isDashed(Series series) {
    return series.style() == Series.Style.DASHED;
  }
}
