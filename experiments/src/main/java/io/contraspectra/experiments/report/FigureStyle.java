package io.contraspectra.experiments.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Sizes, fonts and colours that all figures share. */
final class FigureStyle {
  private static final int WIDTH = 840;
  private static final int PLOT_HEIGHT = 540;
  private static final int LEGEND_LINE = 26;
  private static final Color INK = new Color(0x222222);
  private static final Color GRID = new Color(0xE4E4E4);
  private static final Color FRAME = new Color(0x888888);
  private static final int TEXT_SIZE = 15;
  private static final int TITLE_SIZE = 18;
  /** Tick labels and axis title; the chart's title is centred above the rest. */
  private static final int ROOM_BESIDE_PLOT = 130;

  private FigureStyle() {}

  /** Axes and a title; the legend below the plot, so that long names cost height and not width. */
  static XYChart emptyChart(Figure figure) {
    int legendLines = figure.series().stream().mapToInt(series -> SeriesNames.legend(series).split("\n").length).sum();
    var chart = new XYChartBuilder()
        .width(WIDTH)
        .height(PLOT_HEIGHT + LEGEND_LINE * legendLines)
        .title(figure.title())
        .xAxisTitle(figure.x().title())
        .yAxisTitle(figure.y().title())
        .build();
    var style = chart.getStyler();
    style.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE).setChartFontColor(INK)
        .setChartTitleFont(titleFont(figure.title())).setChartTitleBoxVisible(false).setChartTitlePadding(12)
        .setChartPadding(14).setPlotContentSize(1).setPlotBorderColor(FRAME).setMarkerSize(9)
        .setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Vertical)
        .setLegendFont(text()).setLegendBorderColor(Color.WHITE).setLegendBackgroundColor(Color.WHITE)
        .setLegendSeriesLineLength(34).setLegendPadding(9);
    style.setAxisTitleFont(text()).setAxisTickLabelsFont(text()).setAxisTickMarksColor(FRAME)
        .setAxisTicksLineVisible(false).setAxisTickMarkLength(5).setAxisTickPadding(6)
        .setPlotMargin(0).setPlotGridLinesColor(GRID).setPlotGridLinesStroke(new BasicStroke(1))
        .setXAxisTickMarkSpacingHint(90).setYAxisTickMarkSpacingHint(55).setYAxisLabelAlignment(TextAlignment.Right);
    return chart;
  }

  /** A long title is set smaller, because it would be cut off. */
  private static Font titleFont(String title) {
    var font = new Font(Font.SANS_SERIF, Font.BOLD, TITLE_SIZE);
    double width = font.getStringBounds(title, new FontRenderContext(null, true, true)).getWidth();
    double room = WIDTH - ROOM_BESIDE_PLOT;
    return width <= room ? font : font.deriveFont((float) (TITLE_SIZE * room / width));
  }

  private static Font text() {
    return new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE);
  }
}
