package io.contraspectra.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class FigureRendererTest {
  private static final int WHITE = 0xFFFFFFFF;
  private static final int BLUE = Palette.colour(0).getRGB();
  private static final int VERMILLION = Palette.colour(1).getRGB();

  @Test
  void drawsEverySeriesInItsOwnColour() throws Exception {
    Set<Integer> colours = colours(Examples.figure(
        Examples.law(), Series.line("flat", Examples.WIDTHS, new double[] {1, 1, 1, 1})));
    assertTrue(colours.containsAll(List.of(WHITE, BLUE, VERMILLION)), colours::toString);
  }

  @Test
  void drawsEmptyAxesIfNoPointCanBeShown() throws Exception {
    assertFalse(colours(Examples.figure(Examples.diverging())).contains(BLUE));
    assertFalse(colours(Examples.figure()).contains(BLUE));
  }

  @Test
  void leavesOutASeriesThatCannotBeShownAndKeepsTheColoursOfTheOthers() throws Exception {
    Set<Integer> colours = colours(Examples.figure(Examples.diverging(), Examples.law()));
    assertFalse(colours.contains(BLUE));
    assertTrue(colours.contains(VERMILLION));
  }

  @Test
  void drawsASinglePointWhoseErrorBarLeavesALogarithmicAxis() throws Exception {
    var point = Series.points("one", new double[] {300}, new double[] {0.02});
    for (double low : new double[] {-1, 0, Double.NEGATIVE_INFINITY, Double.NaN}) {
      for (double high : new double[] {0.03, Double.POSITIVE_INFINITY, Double.NaN}) {
        var bar = point.withErrorBars(new double[] {low}, new double[] {high});
        assertTrue(colours(Examples.figure(bar)).contains(BLUE), () -> bar.points().toString());
      }
    }
  }

  @Test
  void drawsSpansOfHundredsOfDecades() throws Exception {
    double[] y = {1e-300, 1, 1e100, 1e300};
    assertTrue(colours(Examples.figure(Series.line("diverging", Examples.WIDTHS, y))).contains(BLUE));
  }

  @Test
  void drawsLinearAxesWithExtremeAndWithEqualValues() throws Exception {
    for (double value : new double[] {0, -3, 1e-300, Double.MAX_VALUE}) {
      var figure = new Figure("linear", "Linear", "", Axis.linear("x"), new Axis("rate", "1/s", Axis.Scale.LINEAR),
          List.of(Series.line("same", new double[] {1, 1}, new double[] {value, value}),
              Series.line("opposite", new double[] {1, 2}, new double[] {value, -value})));
      assertTrue(colours(figure).contains(VERMILLION), () -> "value " + value);
    }
  }

  @Test
  void drawsManySeriesOfManyPointsUnderOneName() throws Exception {
    double[] steps = IntStream.rangeClosed(1, 200).asDoubleStream().toArray();
    var series = IntStream.range(0, 10)
        .mapToObj(i -> Series.line("the same name", steps, DoubleStream.of(steps).map(step -> step + 40 * i).toArray()))
        .toArray(Series[]::new);
    assertTrue(colours(Examples.figure(series)).contains(Palette.colour(6).getRGB()));
  }

  @Test
  void drawsNamelessThings() throws Exception {
    var figure = new Figure("blank", "", "", Axis.linear(""), Axis.linear(""),
        List.of(Series.line("", new double[] {1, 2}, new double[] {1, 2})));
    assertTrue(colours(figure).contains(BLUE));
  }

  @Test
  void writesTheSameSvgEveryTimeWithNamesOfItsOwn() throws Exception {
    Figure figure = Examples.figure(Examples.law());
    String svg = FigureRenderer.render(figure).svg();
    assertEquals(svg, FigureRenderer.render(figure).svg());
    assertEquals("svg", Xml.parse(svg).getDocumentElement().getTagName());
    assertTrue(svg.contains("id=\"drift-by-width-clip0\""));
  }

  private static Set<Integer> colours(Figure figure) throws Exception {
    RenderedFigure rendered = FigureRenderer.render(figure);
    Xml.parse(rendered.svg());
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(rendered.png()));
    var colours = new HashSet<Integer>();
    for (int pixel : image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
      colours.add(pixel);
    }
    return colours;
  }
}
