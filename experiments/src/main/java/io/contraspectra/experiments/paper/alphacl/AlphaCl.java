package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.DataFiles;
import io.contraspectra.core.data.Datasets;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.training.NormConstraint;
import io.contraspectra.experiments.paper.Experiment;
import io.contraspectra.experiments.paper.ExperimentSettings;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.ProgressListener;
import io.contraspectra.experiments.paper.Provenance;
import io.contraspectra.experiments.paper.Studies;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.report.Environment;
import io.contraspectra.experiments.report.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The experiment on contrastive losses as coordinate-wise optimisation: {@code reproduce alpha-cl}. */
public final class AlphaCl implements Experiment {

  private static final int DEEP_STARTS = 100;
  private static final int RELU_STARTS = 60;
  private static final int QUICK_STARTS = 20;
  private static final List<Objective> QUICK_OBJECTIVES =
      List.of(Objective.QUADRATIC, Objective.INFONCE, Objective.DIRECT);
  private static final List<ReluStudy.Model> QUICK_MODELS = List.of(ReluStudy.Model.RELU, ReluStudy.Model.LINEAR);

  private final Function<ExperimentSettings, List<Study>> studies;

  /** The experiment as the paper has it. */
  public AlphaCl() {
    this(AlphaCl::studies);
  }

  /** Other studies, such as broken ones. */
  AlphaCl(Function<ExperimentSettings, List<Study>> studies) {
    this.studies = studies;
  }

  @Override
  public String name() {
    return "alpha-cl";
  }

  @Override
  public Report run(
      ExperimentSettings settings, Backend backend, ProgressListener progress, Provenance provenance) {
    if (settings.dtype() != DType.F64) {
      throw new InvalidArgument(name() + " measures differences of 1e-12, which f32 cannot show; leave --dtype at f64");
    }
    long begin = System.nanoTime();
    List<Study> chosen = studies.apply(settings);
    Measured measured = Studies.measure(name(), chosen, settings, backend, progress);
    var figures = new AlphaFigures(measured, chosen, backend);
    return new Report(name(), "Contrastive losses as a game over the importance of pairs", summary(settings),
        Studies.claims(chosen, measured), figures.tables(), figures.figures(), notes(settings, chosen),
        record(settings, chosen), settings.seed(), Environment.current(provenance.version(), backend.describe()),
        Duration.ofNanos(System.nanoTime() - begin), provenance.rerun());
  }

  /** The longest first. */
  private static List<Study> studies(ExperimentSettings settings) {
    var studies = new ArrayList<Study>();
    String data = settings.data().orElse("");
    boolean quick = settings.quick();
    if (!data.equals("synthetic")) {
      LabelledData images = data.isEmpty() || data.equals("digits") ? Datasets.digits() : DataFiles.read(Path.of(data));
      studies.add(new RepresentationStudy(images, quick ? QUICK_OBJECTIVES : List.of(Objective.values()),
          RepresentationStudy.STEPS));
    }
    if (data.isEmpty() || data.equals("synthetic")) {
      studies.addAll(List.of(
          new ReluStudy(quick ? QUICK_MODELS : List.of(ReluStudy.Model.values()), quick ? QUICK_STARTS : RELU_STARTS,
              NormConstraint.UNIT_ROWS),
          new DeepLinearStudy(quick ? QUICK_STARTS : DEEP_STARTS, NormConstraint.BALL),
          new EquivalenceStudy(DistanceScale.HALVED), new MinPlayerStudy(DistanceScale.HALVED),
          new StabilityStudy()));
    }
    return studies;
  }

  private static List<String> summary(ExperimentSettings settings) {
    return List.of(
        "Tian (2022) reads contrastive losses as a game. A min player sets the importance alpha of every pair of"
            + " samples by their distances; a max player, the network, moves its parameters up the energy"
            + " tr(C_alpha)/2, with C_alpha the contrastive covariance of the embeddings. Every loss of the family"
            + " (InfoNCE, triplet, MINE, …) has exactly the gradient of this energy at its own importance; choosing"
            + " alpha directly gives new losses. For deep linear networks the max player does PCA; ReLU networks have"
            + " optima of higher rank.",
        "Here the equivalence is checked against definitions in sixty-digit arithmetic, the min player against the"
            + " conditions of its optimum; linear and ReLU networks climb the energy from many random starts; and a"
            + " small encoder learns images under losses and designed importances. Everything with "
            + settings.seeds() + " seeds; claims are judged on the worst seed where they do not speak of a mean.");
  }

  private static List<String> notes(ExperimentSettings settings, List<Study> studies) {
    var notes = new ArrayList<String>();
    for (Study study : studies) {
      switch (study) {
        case RepresentationStudy images when images.isJudged() -> notes.add("The paper trains ResNets on CIFAR-10 and"
            + " STL-10. Digits stand in for them; raw pixels classify digits as well as any of these encoders (table),"
            + " so losses are compared with each other, by the rank of z and by the probe of 100 labels.");
        case RepresentationStudy images -> notes.add("What a network can learn of " + images.data() + " is not known:"
            + " everything is measured, but of what is learned nothing is judged.");
        case StabilityStudy _ -> notes.add("A3 takes embeddings on a grid on which distances are doubles. Off it,"
            + " logits of 10,000 are known to 1e-12 only, and near ties the importance with them, however it is"
            + " computed.");
        case DeepLinearStudy _ -> notes.add("A6 counts starts, it proves nothing about all of them: exactly on another"
            + " eigenvector a network stays there (figure).");
        case ReluStudy _ -> notes.add("A7 is about a fixed importance and inputs that are multiples of unit vectors.");
        default -> { }
      }
    }
    if (settings.quick()) {
      notes.add("The quick grid has " + QUICK_STARTS + " starts instead of " + DEEP_STARTS + " (linear) and "
          + RELU_STARTS + " (ReLU), and three of eight losses.");
    }
    return notes;
  }

  private static Map<String, Object> record(ExperimentSettings settings, List<Study> studies) {
    var record = new LinkedHashMap<String, Object>();
    record.put("studies", studies.stream().map(Study::name).toList());
    record.put("seeds", settings.seeds());
    record.put("quick", settings.quick());
    for (Study study : studies) {
      switch (study) {
        case DeepLinearStudy deep -> record.put("starts of each deep linear network", deep.starts());
        case ReluStudy relu -> record.put("starts of each two-layer network", relu.starts());
        case RepresentationStudy images -> {
          record.put("data", images.data());
          record.put("compared on it", images.judged());
        }
        default -> { }
      }
    }
    record.put("dtype", "f64");
    return record;
  }
}
