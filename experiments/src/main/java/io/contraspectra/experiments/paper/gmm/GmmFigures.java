package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.SeedSeries;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.gmm.Trial.Measure;
import io.contraspectra.experiments.report.Axis;
import io.contraspectra.experiments.report.Figure;
import io.contraspectra.experiments.report.Fit;
import io.contraspectra.experiments.report.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** The plots of what the studies measured; a study that was not run has none. */
final class GmmFigures {

  private static final String BARS = " Means over seeds, bars from the smallest to the largest.";
  private static final Axis CLUSTERS = Axis.linear("adjusted Rand index of k-means");
  private static final Axis ANGLE = Axis.log("largest sine to the Fisher subspace, in the metric of Σ");

  private final Measured measured;
  private final List<Study> studies;
  private final List<Figure> figures = new ArrayList<>();

  GmmFigures(Measured measured, List<Study> studies) {
    this.measured = measured;
    this.studies = studies;
  }

  List<Figure> all() {
    for (Study study : studies) {
      switch (study) {
        case NoiseStudy noise -> noise(doubles(noise.noiseVariances()));
        case DimensionStudy dimension -> dimensions(doubles(dimension.ambient()));
        case AugmentationStudy augmentation -> augmentations(doubles(augmentation.deltas()));
        case SampleStudy samples -> samples(doubles(samples.pairs()));
        case GenericStudy generic -> generic(doubles(generic.pairs()));
        case BatchStudy batch -> batches(doubles(batch.batches()));
        case ClipStudy clip -> clip(doubles(clip.pairs()));
        case RealDataStudy real when !real.name().equals("wine") -> realData(real);
        case SmallDeltaStudy _ -> smallDelta(doubles(SmallDeltaStudy.deltas()));
        case SimSiamStudy _ -> simSiam(doubles(SimSiamStudy.rawDecays()));
        default -> { }
      }
    }
    return figures.stream().filter(figure -> !figure.series().isEmpty()).toList();
  }

  private void noise(double[] noise) {
    var series = new ArrayList<Series>();
    for (String method : List.of(Method.INFO_NCE.label(), Method.LDA.label(), NoiseStudy.FISHER, Method.PCA.label())) {
      add(series, method, noise, at -> Trial.name(method, Measure.CLUSTERS, NoiseStudy.where(at)));
    }
    figures.add(new Figure("noise", "T1: clusters under loud noise",
        "Principal components lose the clusters where the noise is louder than the means are far apart; pairs of one"
            + " component, without labels, keep them." + BARS,
        Axis.log("variance of the axes without means"), CLUSTERS, series));
  }

  private void dimensions(double[] ambient) {
    var series = new ArrayList<Series>();
    for (Method method : List.of(Method.INFO_NCE, Method.LDA)) {
      add(series, method.label(), ambient,
          at -> Trial.name(method, Measure.WHITE_SINE, DimensionStudy.where((int) at)));
    }
    Axis x = Axis.log("dimension d");
    fit(series, x, ANGLE);
    figures.add(new Figure("dimensions", "T2: angle in more dimensions",
        "1000 pairs, noise of variance 25. Contrastive learning needs no labels and is little behind." + BARS, x, ANGLE,
        series));
  }

  private void augmentations(double[] deltas) {
    var angles = new ArrayList<Series>();
    var clusters = new ArrayList<Series>();
    for (Method method : List.of(Method.INFO_NCE, Method.PAIR_CCA, Method.LDA)) {
      add(angles, method.label(), deltas,
          at -> Trial.name(method, Measure.WHITE_SINE, AugmentationStudy.where(at)));
      add(clusters, method.label(), deltas,
          at -> Trial.name(method, Measure.CLUSTERS, AugmentationStudy.where(at)));
    }
    Axis x = Axis.log("probability delta that the augmentation keeps the component");
    figures.add(new Figure("augmentations", "T3: angle under noisy augmentations",
        "2000 pairs. The error grows like 1/delta until nothing is left to see; discriminants know the labels and do"
            + " not depend on pairs." + BARS, x, ANGLE, angles));
    figures.add(new Figure("augmentation-clusters", "T3: clusters under noisy augmentations",
        "Most of the clusters are found even if the augmentation leaves the component more often than not." + BARS, x,
        CLUSTERS, clusters));
  }

  private void samples(double[] pairs) {
    var series = new ArrayList<Series>();
    for (Method method : List.of(Method.INFO_NCE, Method.PAIR_CCA, Method.LDA)) {
      add(series, method.label(), pairs, at -> Trial.name(method, Measure.WHITE_SINE, SampleStudy.where((int) at)));
    }
    Axis x = Axis.log("pairs n");
    fit(series, x, ANGLE);
    figures.add(new Figure("samples", "T4: angle from more pairs",
        "Slopes of about -1/2: the error of an estimate." + BARS, x, ANGLE, series));
  }

  private void generic(double[] pairs) {
    var series = new ArrayList<Series>();
    for (String method : List.of(
        Method.INFO_NCE.label(), Method.LDA.label(), GenericStudy.MEANS, Method.PCA.label())) {
      add(series, method, pairs, at -> Trial.name(method, Measure.WHITE_SINE, GenericStudy.where((int) at)));
    }
    figures.add(new Figure("generic", "T5: angle under a generic covariance",
        "Four components in 12 dimensions, condition 50. More data do not help principal components, and even the span"
            + " of the true means is not the Fisher subspace." + BARS, Axis.log("pairs n"), ANGLE, series));
  }

  private void batches(double[] batches) {
    var sines = new ArrayList<Series>();
    add(sines, "sine, in the units of the data", batches, at -> BatchStudy.sineName((int) at));
    Axis x = Axis.log("batch size");
    figures.add(new Figure("batches", "T6: angle from mini-batches",
        "Adam, 1500 steps, 4000 pairs: a few negatives a step find nearly the same subspace." + BARS, x,
        Axis.linear("largest sine to the Fisher subspace"), sines));
    var norms = new ArrayList<Series>();
    add(norms, "norm of A on white data", batches, at -> BatchStudy.normName((int) at));
    figures.add(new Figure("batch-norms", "T6: size of the map from mini-batches",
        "What few negatives change is the size of the map." + BARS, x, Axis.linear("norm of A"), norms));
  }

  private void clip(double[] pairs) {
    var series = new ArrayList<Series>();
    for (double delta : ClipStudy.DELTAS) {
      for (ClipStudy.Measure measure : List.of(ClipStudy.Measure.IMAGES, ClipStudy.Measure.TEXTS)) {
        add(series, measure.label() + ", delta " + delta, pairs, at -> ClipStudy.name(measure, delta, (int) at));
      }
    }
    Axis x = Axis.log("pairs n");
    Axis y = Axis.log("largest sine to the Fisher subspace");
    fit(series, x, y);
    figures.add(new Figure("clip", "T7: angles of both modalities",
        "CLIP on pairs of images and texts that belong together always (delta 1) or half of the time." + BARS, x, y,
        series));
  }

  private void realData(RealDataStudy real) {
    double[] dimensions = doubles(real.dimensions());
    var clusters = new ArrayList<Series>();
    for (Method method : Method.values()) {
      add(clusters, method.label(), dimensions, at -> real.quantity(method, Measure.CLUSTERS, (int) at));
    }
    figures.add(new Figure(real.name(), "T8: clusters of " + real.name(),
        "Pairs of one class, test samples. Classes differ in covariance, so subspaces differ from the discriminants';"
            + " what they are worth does not." + BARS, Axis.linear("dimension r of the embedding"), CLUSTERS,
        clusters));
    var noisy = new ArrayList<Series>();
    add(noisy, "kNN accuracy", doubles(real.deltas()), at -> real.quantity(Method.INFO_NCE, Measure.NEIGHBOURS, at));
    add(noisy, "adjusted Rand index", doubles(real.deltas()),
        at -> real.quantity(Method.INFO_NCE, Measure.CLUSTERS, at));
    figures.add(new Figure(real.name() + "-pairs", "T8: " + real.name() + " from noisy pairs",
        "InfoNCE in " + real.dimensions().getLast() + " dimensions when only a part of the pairs are of one class."
            + BARS, Axis.linear("probability delta that a pair is of one class by design"), Axis.linear("score"),
        noisy));
  }

  private void smallDelta(double[] deltas) {
    var series = new ArrayList<Series>();
    add(series, "three components", deltas, SmallDeltaStudy::errorName);
    Axis x = Axis.log("probability delta that the augmentation keeps the component");
    Axis y = Axis.log("relative error of the linearised minimiser");
    fit(series, x, y);
    figures.add(new Figure("small-delta", "P4: InfoNCE against the quadratic loss",
        "In the population, the minimiser of InfoNCE comes to that of the quadratic loss with a relative error that"
            + " falls like delta." + BARS, x, y, series));
  }

  private void simSiam(double[] decays) {
    var series = new ArrayList<Series>();
    add(series, "raw data", decays, SimSiamStudy::rawName);
    Axis x = Axis.log("weight decay eta");
    Axis y = Axis.log("largest sine to the Fisher subspace");
    fit(series, x, y);
    figures.add(new Figure("simsiam", "P6: linear SimSiam on data that are not white",
        "The fixed point comes to the Fisher subspace as the weight decay vanishes; on white data it is there." + BARS,
        x, y, series));
  }

  private void add(List<Series> series, String name, double[] x, DoubleFunction<String> quantity) {
    SeedSeries.means(measured, name, x, quantity).ifPresent(series::add);
  }

  private static void fit(List<Series> series, Axis x, Axis y) {
    series.replaceAll(one -> one.points().size() < 2 ? one : one.withFit(Fit.leastSquares(one, x, y)));
  }

  private static double[] doubles(List<? extends Number> values) {
    return values.stream().mapToDouble(Number::doubleValue).toArray();
  }
}
