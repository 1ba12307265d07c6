package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.SeedSeries;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.spectral.AlignmentStudy.Other;
import io.contraspectra.experiments.paper.spectral.Encoder.Method;
import io.contraspectra.experiments.paper.spectral.Probe.Labels;
import io.contraspectra.experiments.report.Axis;
import io.contraspectra.experiments.report.Figure;
import io.contraspectra.experiments.report.Fit;
import io.contraspectra.experiments.report.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;

/** The plots of what the studies measured; a study that was not run has none. */
final class SpectralFigures {

  private static final List<Method> VICREG =
      Arrays.stream(Method.values()).filter(method -> method.gamma() > 0).toList();
  private static final List<Method> COMPARED = List.of(Method.VICREG_001, Method.VICREG_09, Method.VICREG_099,
      Method.VICREG_105, Method.SIMCLR, Method.BARLOW_TWINS);

  private final Measured measured;
  private final List<Study> studies;
  private final List<Figure> figures = new ArrayList<>();

  SpectralFigures(Measured measured, List<Study> studies) {
    this.measured = measured;
    this.studies = studies;
  }

  List<Figure> all() {
    descents();
    for (Study study : studies) {
      switch (study) {
        case InfoNceStudy _ -> weakRelations();
        case AlignmentStudy alignment -> {
          aligned(alignment.data());
          for (Other other : Other.values()) {
            misaligned(alignment, other, Labels.ALL);
          }
          misaligned(alignment, Other.RANDOM, Labels.FEW);
        }
        default -> { }
      }
    }
    return figures.stream().filter(figure -> !figure.series().isEmpty()).toList();
  }

  private void descents() {
    var series = new ArrayList<Series>();
    for (String name : List.of(VicRegStudy.TRACE, FactorisationStudy.SIMCLR_TRACE, FactorisationStudy.SPECTRAL_TRACE,
        BarlowStudy.TRACE)) {
      add(series, name, GapTrace.EVALUATIONS, count -> GapTrace.gapName(name, count));
    }
    figures.add(new Figure("descents", "Descent on the losses ends at the closed forms",
        "Distance of the best value so far from the closed form's, L-BFGS from a random start; below 1e-16 is drawn as"
            + " 1e-16. Means over seeds, bars from the smallest to the largest.",
        Axis.log("evaluations of the loss"), Axis.log("value - optimum"), series));
  }

  private void weakRelations() {
    var series = new ArrayList<Series>();
    Axis x = Axis.log("strength e of the relation");
    Axis y = Axis.log("relative error of the Gram matrix");
    add(series, "exact InfoNCE against kernel PCA", InfoNceStudy.WEAKNESSES, InfoNceStudy::weakName);
    series.replaceAll(one -> one.withFit(Fit.leastSquares(one, x, y)));
    figures.add(new Figure("weak-relations", "InfoNCE of a weak relation is kernel PCA",
        "Relations (1 - e) 11ᵀ/N + e P of three classes: the error of the first-order form falls like e, the"
            + " more exactly the smaller e is.", x, y,
        series));
  }

  private void aligned(String data) {
    double[] gammas = VICREG.stream().mapToDouble(Method::gamma).toArray();
    var series = new ArrayList<Series>();
    for (Labels labels : Labels.values()) {
      add(series, "VICReg, " + labels.text(), gammas, gamma -> AlignmentStudy.errorName(data, Other.RANDOM, 0,
          method(gamma), labels));
    }
    for (Labels labels : Labels.values()) {
      SeedSeries.means(measured, "SimCLR, " + labels.text(), gammas,
          _ -> AlignmentStudy.errorName(data, Other.RANDOM, 0, Method.SIMCLR, labels))
          .ifPresent(means -> series.add(Series.dashed(means.name(), means.xs(), means.ys())));
    }
    figures.add(new Figure("aligned-" + data, "A relation that is aligned with the task (" + data + ")",
        "With all labels the weight of invariance does not matter; with five a class it should be high, up to where"
            + " classes collapse as well (gamma = 2).",
        Axis.log("weight of invariance gamma"), Axis.linear("test error"), series));
  }

  private void misaligned(AlignmentStudy study, Other other, Labels labels) {
    String data = study.data();
    var series = new ArrayList<Series>();
    for (Method method : COMPARED) {
      add(series, method.label(), study.shares(),
          m -> AlignmentStudy.errorName(data, other, m, method, labels));
    }
    figures.add(new Figure("misaligned-" + data + "-" + other.label() + (labels == Labels.FEW ? "-few" : ""),
        "A relation that is less and less aligned (" + data + ", " + labels.text() + ")",
        "The relation of the labels is replaced by that of " + (other == Other.RANDOM ? "shuffled labels"
            : "a nuisance factor") + ": SimCLR and Barlow Twins fall off a cliff where nothing of it is left, VICReg"
            + " with a small weight of invariance (its number) keeps what the inputs have.",
        Axis.linear("share m of the other relation"), Axis.linear("test error"), series));
  }

  private static Method method(double gamma) {
    return VICREG.stream().filter(method -> method.gamma() == gamma).findFirst().orElseThrow();
  }

  /** Nothing if a quantity is missing. */
  private void add(List<Series> series, String name, double[] x, DoubleFunction<String> quantity) {
    SeedSeries.means(measured, name, x, quantity).ifPresent(series::add);
  }
}
