package io.contraspectra.experiments.report;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Figures and reports for tests. */
final class Examples {
  static final Axis WIDTH = Axis.log("hidden width M");
  static final Axis DRIFT = Axis.log("NTK drift");
  static final double[] WIDTHS = {64, 256, 1024, 4096};
  private static final double INF = Double.POSITIVE_INFINITY;

  private Examples() {}

  static Figure figure(Series... series) {
    return new Figure("drift-by-width", "Drift & width", "Falls with <M>.", WIDTH, DRIFT, List.of(series));
  }

  /** A power law with error bars and its fit. */
  static Series law() {
    double[] drift = DoubleStream.of(WIDTHS).map(width -> Math.pow(width, -0.75)).toArray();
    var series = Series.points("cos-linear", WIDTHS, drift).withErrorBars(
        DoubleStream.of(drift).map(value -> 0.8 * value).toArray(),
        DoubleStream.of(drift).map(value -> 1.3 * value).toArray());
    return series.withFit(Fit.leastSquares(series, WIDTH, DRIFT));
  }

  static Series diverging() {
    return Series.line("dot-linear", WIDTHS, new double[] {INF, INF, INF, INF});
  }

  static Table table() {
    return new Table("losses", "Losses & <ranks>", "More is better.", List.of("accuracy (%)", "rank"), List.of(
        new Table.Row("InfoNCE", List.of(new Measurement("a", 96.2, List.of(95.0, 97.0)), Measurement.of("r", 5.5))),
        new Table.Row("a < b", List.of(new Measurement("a", 95.5, List.of(95.5)), Measurement.of("r", INF)))));
  }

  static Report report(Figure... figures) {
    var claims = List.of(
        new Claim("ntk:G1", "Cosine: \"lazy\" & <wide>", List.of(
            new Measurement("slope (digits relu cos-linear)", -0.77, List.of(-0.831, -0.742)),
            Measurement.of("D(4096)", 0.0123)), "slope <= -0.60, D(4096) <= 0.015", Verdict.HOLDS),
        new Claim("ntk:G3", "The kernel leaves its neighbourhood at every width.", List.of(
            Measurement.of("smallest max D", INF), Measurement.of("ratio", Double.NaN)), "max D >= 0.5", Verdict.FAILS),
        new Claim("ntk:G4", "Nothing was measured.", List.of(), "R² >= 0.93", Verdict.INCONCLUSIVE));
    var settings = new LinkedHashMap<String, Object>(Map.of("widths", List.of(64, 256)));
    settings.put("step-size", 0.5);
    settings.put("limit", INF);
    settings.put("quick", true);
    settings.put("data", "a<b");
    return new Report("ntk-drift", "How far <the> kernel moves", List.of("First paragraph.", "A < B & C > D"), claims,
        List.of(table()), List.of(figures), List.of("A note with \"quotes\"."), settings, 7,
        new Environment("0.1.0", "Vendor 25", "Linux amd64", "Some CPU", 2, 1L << 31, "cpu (2 threads), f64"),
        Duration.ofMillis(73_210), "bin/contraspectra reproduce ntk-drift --seed 7");
  }
}
