package io.contraspectra.experiments.report;

import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;

/** Draws figures. Text becomes outlines, so that a picture looks the same where its fonts are missing. */
final class FigureRenderer {
  /** Pixels of the PNG for each unit of the SVG: sharp on dense screens and at column width in print. */
  private static final int SCALE = 2;

  static {
    // Before any class of AWT is initialised; a report is drawn on servers too.
    System.setProperty("java.awt.headless", "true");
  }

  private FigureRenderer() {}

  /** SVG and PNG of a figure. Fails where AWT finds no fonts. */
  static RenderedFigure render(Figure figure) {
    try {
      XYChart chart = FigureChart.of(figure);
      chart.getStyler().setLocale(Locale.ROOT);
      return new RenderedFigure(Svg.tidy(svg(chart), figure.name()), png(chart));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String svg(XYChart chart) throws IOException {
    var bytes = new ByteArrayOutputStream();
    VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static byte[] png(XYChart chart) throws IOException {
    var image = new BufferedImage(SCALE * chart.getWidth(), SCALE * chart.getHeight(), BufferedImage.TYPE_INT_RGB);
    var graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.scale(SCALE, SCALE);
      chart.paint(graphics, chart.getWidth(), chart.getHeight());
    } finally {
      graphics.dispose();
    }
    var bytes = new ByteArrayOutputStream();
    // ImageIO's own stream would use a temporary file and a shutdown hook, which an interrupted run can no longer add.
    try (var stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", stream);
    }
    return bytes.toByteArray();
  }
}
