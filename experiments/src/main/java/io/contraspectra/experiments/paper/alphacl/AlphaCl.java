package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
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
    return new Report(name(), "Contrastive losses as a game over the importance of pairs", summary(settings),
        Studies.claims(chosen, measured), List.of(), notes(),
        record(settings, chosen), settings.seed(), Environment.current(provenance.version(), backend.describe()),
        Duration.ofNanos(System.nanoTime() - begin), provenance.rerun());
  }

  /** The longest first. */
  private static List<Study> studies(ExperimentSettings settings) {
    var studies = new ArrayList<Study>();
    String data = settings.data().orElse("");
    if (!List.of("", "synthetic", "digits").contains(data)) {
      throw new InvalidArgument("alpha-cl: data '" + data + "' cannot be used; its claims are about drawn embeddings and"
          + " about digits: give --data synthetic, digits, or neither for both");
    }
    boolean quick = settings.quick();
    if (!data.equals("synthetic")) {
      studies.add(new RepresentationStudy(quick ? QUICK_OBJECTIVES : List.of(Objective.values())));
    }
    if (!data.equals("digits")) {
      studies.addAll(List.of(
          new ReluStudy(quick ? QUICK_STARTS : RELU_STARTS, NormConstraint.UNIT_ROWS),
          new DeepLinearStudy(quick ? QUICK_STARTS : DEEP_STARTS, NormConstraint.BALL),
          new EquivalenceStudy(DistanceScale.HALVED), new MinPlayerStudy(DistanceScale.HALVED),
          new StabilityStudy()));
    }
    return studies;
  }

  private static List<String> summary(ExperimentSettings settings) {
    return List.of("");
  }

  private static List<String> notes() {
    return List.of();
  }

  private static Map<String, Object> record(ExperimentSettings settings, List<Study> studies) {
    var record = new LinkedHashMap<String, Object>();
    record.put("studies", studies.stream().map(Study::name).toList());
    record.put("seeds", settings.seeds());
    record.put("quick", settings.quick());
    record.put("dtype", "f64");
    return record;
  }
}
