package io.contraspectra.experiments.paper.features;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
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
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The first paper's experiment on orthonormal output layers: {@code reproduce random-feature-pca}. */
public final class RandomFeaturePca implements Experiment {

  private final UnaryOperator<FeatureSettings> adjustment;

  /** The paper's experiment. */
  public RandomFeaturePca() {
    this(UnaryOperator.identity());
  }

  /**
   * An experiment that departs from the paper's.
   *
   * @param adjustment takes the settings that a user asks for to those that are run
   */
  public RandomFeaturePca(UnaryOperator<FeatureSettings> adjustment) {
    this.adjustment = adjustment;
  }

  @Override
  public String name() {
    return "random-feature-pca";
  }

  @Override
  public double seconds(boolean quick) {
    return quick ? 15 : 35;
  }

  @Override
  public Report run(ExperimentSettings asked, Backend backend, ProgressListener progress, Provenance provenance) {
    if (asked.dtype() != DType.F64) {
      throw new InvalidArgument(name() + " measures distances of 1e-10 and below, which f32 cannot show;"
          + " leave --dtype at f64");
    }
    long begin = System.nanoTime();
    FeatureSettings settings = adjustment.apply(asked.quick() ? FeatureSettings.quick() : FeatureSettings.full());
    List<Source> sources = Source.of(asked.data());
    FeatureStudies studies = FeatureStudies.of(sources, settings);
    Measured measured = Studies.measure(name(), studies.all(), asked, backend, progress);
    return new Report(name(), "What a network with an orthonormal output layer learns", summary(asked),
        FeatureClaims.of(studies, measured, asked.seeds()), FeatureFigures.of(studies, measured),
        notes(studies, measured), record(asked, settings, sources), asked.seed(),
        Environment.current(provenance.version(), backend.describe()),
        Duration.ofNanos(System.nanoTime() - begin), provenance.rerun());
  }

  private static List<String> summary(ExperimentSettings settings) {
    return List.of(
        "Anil, Esser and Ghoshdastidar (2024) keep the columns of the output layer W orthonormal while a wide contrastive"
            + " network is trained. They show that what it learns then stays near the principal components of a matrix"
            + " computed from random features, and see the same in deeper networks.",
        "Here f(x) = M^(-1/2)Wᵀφ(Vx) with two outputs is trained by the linear contrastive loss -tr(WᵀSW), with QR steps of"
            + " W and gradient steps of V of size 1, on 30 triplets of three classes: clusters on a sphere, and the digits"
            + " 0, 1 and 4. U are the first two eigenvectors of S, and pd(A,B) = ‖(I - BBᵀ)A‖/√2. Everything is run with "
            + settings.seeds() + " seeds, each with new triplets and a new initialisation; claims are judged on the worst"
            + " seed.");
  }

  private static List<String> notes(FeatureStudies studies, Measured measured) {
    var notes = new ArrayList<String>();
    notes.add("The setting is reconstructed from the paper's abstract: which loss and which matrix of random features are"
        + " meant follows from the derivation, not from its text.");
    notes.add("Features move in proportion to step size times steps over width. The claim is about a step size that does"
        + " not grow with the width and about times that do not either; the negative control shows what happens"
        + " otherwise.");
    notes.add("Components are told apart by the eigengap. Where it is small, as between classes that overlap, a readout"
        + " needs many more steps to find them, frozen features or not.");
    if (studies.frozen().stream().allMatch(study -> study.subject().source() != Source.CLUSTERS)) {
      notes.add("Frozen features (G7), the negative control (G11) and three layers (G13) are judged on clusters, which"
          + " --data left out.");
    }
    boolean whole = studies.all().stream().map(Study::name).map(FeatureClaims::defectName).allMatch(measured::has);
    if (!whole) {
      notes.add("The run was stopped early: claims with missing runs are inconclusive.");
    }
    return notes;
  }

  private static Map<String, Object> record(
      ExperimentSettings asked, FeatureSettings settings, List<Source> sources) {
    var record = new LinkedHashMap<String, Object>();
    record.put("data", sources.stream().map(Source::name).toList());
    record.put("widths", settings.widths());
    record.put("widths-negative-control", settings.controlWidths());
    record.put("widths-three-layers", settings.deepWidths());
    record.put("step-of-hidden-layers", settings.trained().name().toLowerCase(Locale.ROOT));
    record.put("step-in-the-control", settings.control().name().toLowerCase(Locale.ROOT));
    record.put("seeds", asked.seeds());
    record.put("quick", asked.quick());
    record.put("dtype", "f64");
    return record;
  }
}
