package io.contraspectra.experiments.report;

import java.awt.Color;
import java.util.List;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Colours that colour-blind readers can tell apart (Okabe and Ito), without the yellow that vanishes on white, and
 * markers that tell them apart in black and white. There are seven of one and eight of the other, so that a pair
 * repeats only after 56 series.
 */
final class Palette {
  /** For what is not data: thresholds and limits. */
  static final Color NEUTRAL = new Color(0x595959);

  private static final List<Color> COLOURS = List.of(
      new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7),
      new Color(0xE69F00), new Color(0x56B4E9), new Color(0x000000));
  private static final List<Marker> MARKERS = List.of(
      SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.DIAMOND,
      SeriesMarkers.TRIANGLE_DOWN, SeriesMarkers.CROSS, SeriesMarkers.PLUS, SeriesMarkers.TRAPEZOID);

  private Palette() {}

  static Color colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  static Marker marker(int index) {
    return MARKERS.get(index % MARKERS.size());
  }
}
