package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.DataFiles;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The experiment on contrastive learning of Gaussian mixtures: {@code reproduce gmm-fisher}. */
public final class GmmFisher implements Experiment {

  private final Function<ExperimentSettings, GmmSettings> grids;

  /** With the grids of gmm.md 6. */
  public GmmFisher() {
    this(settings -> settings.quick() ? GmmSettings.quick() : GmmSettings.full());
  }

  /** With other grids, or with something broken. */
  GmmFisher(Function<ExperimentSettings, GmmSettings> grids) {
    this.grids = grids;
  }

  @Override
  public String name() {
    return "gmm-fisher";
  }

  @Override
  public double seconds(boolean quick) {
    return quick ? 40 : 100;
  }

  @Override
  public Report run(
      ExperimentSettings settings, Backend backend, ProgressListener progress, Provenance provenance) {
    if (settings.dtype() != DType.F64) {
      throw new InvalidArgument(name() + " measures angles and gradients to 1e-12, which f32 cannot show;"
          + " leave --dtype at f64");
    }
    long begin = System.nanoTime();
    GmmSettings grid = grids.apply(settings);
    List<Study> studies = studies(settings, grid);
    Measured measured = Studies.measure(name(), studies, settings, backend, progress);
    return new Report(name(), "Contrastive learning of Gaussian mixtures finds the Fisher subspace", summary(settings),
        Studies.claims(studies, measured), new GmmFigures(measured, studies).all(), notes(settings),
        record(settings, grid, studies), settings.seed(),
        Environment.current(provenance.version(), backend.describe()), Duration.ofNanos(System.nanoTime() - begin),
        provenance.rerun());
  }

  /** The longest first. */
  private static List<Study> studies(ExperimentSettings settings, GmmSettings grid) {
    return switch (settings.data().orElse("")) {
      case "" -> List.of(new AugmentationStudy(grid), new SampleStudy(grid), new ContainmentStudy(grid),
          RealDataStudy.digits(grid), new ClipStudy(grid), new NoiseStudy(grid), new DimensionStudy(grid),
          new GenericStudy(grid), new BatchStudy(grid), new SimSiamStudy(grid), new ModalityStudy(),
          new TableStudy(grid), new SmallDeltaStudy(grid), RealDataStudy.wine(grid), new LossStudy());
      case "synthetic" -> List.of(new AugmentationStudy(grid), new SampleStudy(grid), new ContainmentStudy(grid),
          new ClipStudy(grid), new NoiseStudy(grid), new DimensionStudy(grid), new GenericStudy(grid),
          new BatchStudy(grid), new SimSiamStudy(grid), new ModalityStudy(), new TableStudy(grid),
          new SmallDeltaStudy(grid), new LossStudy());
      case "digits" -> List.of(RealDataStudy.digits(grid));
      default -> List.of(RealDataStudy.of(DataFiles.read(Path.of(settings.data().orElseThrow())), grid));
    };
  }

  private static List<String> summary(ExperimentSettings settings) {
    return List.of(
        "Bansal, Kavis and Sanghavi (2024) ask what contrastive learning learns from a Gaussian mixture with a linear"
            + " map. Their abstracts say: with pairs of samples of one component, even if an augmentation only favours"
            + " it, InfoNCE finds the optimal projection of Fisher's discriminants, which fully supervised learning"
            + " finds and principal components do not; CLIP learns a subset of each modality's Fisher subspace.",
        "Here population losses are integrated by quadrature and minimised to rounding (P1 to P7), and losses of"
            + " samples are minimised on synthetic mixtures and on real data (T1 to T8), each with " + settings.seeds()
            + " seeds. Claims T are judged on means over seeds, claims P on the worst seed.");
  }

  private static List<String> notes(ExperimentSettings settings) {
    String common = "Only the abstracts of the paper could be read: the forms of the losses and of the noisy"
        + " augmentation are reconstructed, and the theorem tested is the one proved on our page, containment"
        + " for a shared covariance.";
    String equality = "Containment is all that holds in general: P5 is a mixture whose minimiser is smaller than the"
        + " Fisher subspace.";
    String real = "On real data classes differ in covariance, and the learned subspace is not that of the"
        + " discriminants; only accuracies are compared.";
    return settings.quick()
        ? List.of(common, equality, real, "The quick grid keeps the points that thresholds speak of and few others.")
        : List.of(common, equality, real);
  }

  private static Map<String, Object> record(ExperimentSettings settings, GmmSettings grid, List<Study> studies) {
    var record = new LinkedHashMap<String, Object>();
    record.put("studies", studies.stream().map(Study::name).toList());
    record.put("seeds", settings.seeds());
    record.put("quick", settings.quick());
    record.put("noise variances (T1)", grid.noiseVariances());
    record.put("dimensions (T2)", grid.ambient());
    record.put("deltas (T3)", grid.deltas());
    record.put("pairs (T4)", grid.pairs());
    record.put("pairs (T5)", grid.genericPairs());
    record.put("batch sizes (T6)", grid.batches());
    record.put("pairs (T7)", grid.clipPairs());
    record.put("embedding dimensions of digits (T8)", grid.digitDimensions());
    record.put("deltas (T8)", grid.realDeltas());
    record.put("dimensions (P1)", grid.populations());
    record.put("dtype", "f64");
    return record;
  }
}
