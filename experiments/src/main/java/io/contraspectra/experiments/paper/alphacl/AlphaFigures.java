package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.SeedSeries;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.report.Axis;
import io.contraspectra.experiments.report.Figure;
import io.contraspectra.experiments.report.Measurement;
import io.contraspectra.experiments.report.Series;
import io.contraspectra.experiments.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/** The plots and the table of what the studies measured; a study that was not run has none. */
final class AlphaFigures {

  private static final String OVER_SEEDS = " Means over seeds, bars from the smallest to the largest.";

  private final Measured measured;
  private final List<Study> studies;
  private final Backend backend;

  AlphaFigures(Measured measured, List<Study> studies, Backend backend) {
    this.measured = measured;
    this.studies = studies;
    this.backend = backend;
  }

  List<Figure> figures() {
    return studies.stream().flatMap(study -> switch (study) {
      case RepresentationStudy representations -> Stream.of(ranks(representations));
      case DeepLinearStudy _ -> Stream.of(ascents());
      case ReluStudy relu -> Stream.of(reluRanks(relu.models()), reluValues(relu.models()));
      case MinPlayerStudy _ when measured.has(MinPlayerStudy.VALUE) -> Stream.of(shapes());
      default -> Stream.<Figure>of();
    }).filter(figure -> !figure.series().isEmpty()).toList();
  }

  private Figure ranks(RepresentationStudy study) {
    var series = new ArrayList<Series>();
    for (Objective objective : study.objectives()) {
      if (objective == Objective.ENTROPY) {
        continue;
      }
      add(series, objective.label(), study.followedSteps(),
          step -> RepresentationStudy.rankName(objective, step));
    }
    return new Figure("ranks", "How many dimensions embeddings use: " + study.data(),
        "Effective rank of the covariance of z in training. With alpha = 1 unit embeddings collapse to two dimensions."
            + " The entropy's player is InfoNCE's but for the positive in the denominator, and left out."
            + OVER_SEEDS,
        Axis.linear("Adam steps"), Axis.log("effective rank of z"), series);
  }

  private Figure ascents() {
    var series = new ArrayList<Series>();
    double[] steps = DeepLinearStudy.followedSteps();
    for (int depth : DeepLinearStudy.depths()) {
      add(series, depth == 1 ? "1 layer" : depth + " layers", steps, step -> DeepLinearStudy.valueName(depth, step));
    }
    add(series, "2 layers, beside the second eigenvector", steps, DeepLinearStudy::saddleName);
    return new Figure("deep-linear", "Deep linear networks on their way to the top eigenvector",
        "What ten random starts reach, in their mean, as part of the global optimum. At every depth all of it; deeper"
            + " networks set out later. A start 1e-6 beside a saddle, the second eigenvector, stays there for long."
            + OVER_SEEDS,
        Axis.log("projected steps"), Axis.linear("tr(WXWᵀ)/λ_1"), series);
  }

  private Figure reluRanks(List<ReluStudy.Model> models) {
    var series = new ArrayList<Series>();
    for (ReluStudy.Model model : models) {
      add(series, model.label(), ReluStudy.quantiles(), quantile -> ReluStudy.rankName(model, quantile));
    }
    return new Figure("relu-ranks", "Dimensions of the first layer where two-layer networks end",
        "Random starts in the order of their effective rank. With unit filters ReLU networks keep several dimensions,"
            + " linear ones a single one." + OVER_SEEDS,
        Axis.linear("random starts in order (%)"), Axis.linear("effective rank of the first layer"), series);
  }

  private Figure reluValues(List<ReluStudy.Model> models) {
    var series = new ArrayList<Series>();
    for (ReluStudy.Model model : models) {
      add(series, model.label(), ReluStudy.quantiles(), quantile -> ReluStudy.valueName(model, quantile));
    }
    return new Figure("relu-values", "Values of the optima that two-layer networks reach",
        "Random starts in the order of their value. Linear networks know one value; ReLU networks end in many."
            + OVER_SEEDS,
        Axis.linear("random starts in order (%)"), Axis.log("tr(WXWᵀ)/λ_1"), series);
  }

  private Figure shapes() {
    return new Figure("importance", "How importances weigh negatives by their distance",
        "One anchor and thirty negatives at evenly spaced distances, temperature 1/2. The entropy's player is InfoNCE's"
            + " softmax; the square's is sparse; the inverse's has the longest tail.",
        Axis.linear("halved squared distance"), Axis.log("alpha"), ImportanceShapes.series(backend));
  }

  /** The table of losses, of what was measured for it. */
  List<Table> tables() {
    return studies.stream().filter(RepresentationStudy.class::isInstance).map(RepresentationStudy.class::cast)
        .filter(study -> study.judged().stream().allMatch(what -> measured.has(RepresentationStudy.rankName(what))))
        .map(this::losses).toList();
  }

  private Table losses(RepresentationStudy study) {
    List<Table.Row> rows = study.judged().stream().map(what -> new Table.Row(what, Stream.of(
            RepresentationStudy.probeName(what), RepresentationStudy.neighboursName(what),
            RepresentationStudy.rankName(what), RepresentationStudy.fewName(what))
        .map(quantity -> Measurement.meanOf(quantity, measured.of(quantity))).toList())).toList();
    return new Table("losses", "What losses teach: " + study.data(),
        "Mean [range over seeds] on images held out: a linear probe and five nearest neighbours on the encoder's"
            + " output h, the effective rank of z, and a linear probe on z from ten labels a class. Pixels"
            + " stand for h and z in their row.",
        List.of("linear probe of h (%)", "neighbours in h (%)", "effective rank of z", "100 labels, probe of z (%)"),
        rows);
  }

  private void add(List<Series> series, String name, double[] x, DoubleFunction<String> quantity) {
    SeedSeries.means(measured, name, x, quantity).ifPresent(series::add);
  }
}
