package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.DataFiles;
import io.contraspectra.core.data.Datasets;
import io.contraspectra.core.data.LabelledData;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The experiment on self-supervised losses as spectral embeddings: {@code reproduce spectral-equivalence}. */
public final class SpectralEquivalence implements Experiment {

  private static final int FIRST_SYNTHETIC_CLAIM = 8;
  private static final int FIRST_DATA_CLAIM = 14;

  private final double pairs;

  /** The experiment as the paper has it. */
  public SpectralEquivalence() {
    this(1);
  }

  /**
   * With another count of pairs in VICReg's closed forms.
   *
   * @param pairs how often each pair of samples counts; the right count is 1
   */
  SpectralEquivalence(double pairs) {
    this.pairs = pairs;
  }

  @Override
  public String name() {
    return "spectral-equivalence";
  }

  @Override
  public double seconds(boolean quick) {
    return quick ? 15 : 20;
  }

  @Override
  public Report run(
      ExperimentSettings settings, Backend backend, ProgressListener progress, Provenance provenance) {
    if (settings.dtype() != DType.F64) {
      throw new InvalidArgument(name() + " measures differences of 1e-9 and below, which f32 cannot show;"
          + " leave --dtype at f64");
    }
    long begin = System.nanoTime();
    List<Study> studies = studies(settings);
    Measured measured = Studies.measure(name(), studies, settings, backend, progress);
    return new Report(name(), "Self-supervised losses are spectral embeddings", summary(settings),
        Studies.claims(studies, measured), new SpectralFigures(measured, studies).all(), notes(studies),
        record(settings, studies), settings.seed(), Environment.current(provenance.version(), backend.describe()),
        Duration.ofNanos(System.nanoTime() - begin), provenance.rerun());
  }

  /** The longest first. */
  private List<Study> studies(ExperimentSettings settings) {
    var studies = new ArrayList<Study>();
    String data = settings.data().orElse("");
    double[] shares = shares(settings);
    if (!data.equals("synthetic")) {
      studies.add(data.isEmpty() || data.equals("digits") ? digits(shares) : file(data, shares));
    }
    if (data.isEmpty() || data.equals("synthetic")) {
      studies.add(new AlignmentStudy(Task::synthetic,
          new AlignmentGates("synthetic", FIRST_SYNTHETIC_CLAIM, OptionalDouble.of(0.15), 0.40, 0.08), shares));
      studies.addAll(List.of(new EncoderStudy(), new VicRegStudy(pairs), new FactorisationStudy(), new BarlowStudy(),
          new InfoNceStudy(), new LibraryStudy()));
    }
    return studies;
  }

  private static double[] shares(ExperimentSettings settings) {
    return settings.quick() ? AlignmentStudy.QUICK_SHARES : AlignmentStudy.SHARES;
  }

  private static Study digits(double[] shares) {
    LabelledData digits = Datasets.digits();
    return new AlignmentStudy((backend, random) -> Task.of(digits, backend, random),
        new AlignmentGates("digits", FIRST_DATA_CLAIM, OptionalDouble.of(0.09), 0.35, 0.20), shares);
  }

  /** What a linear model can do on the data is not known, so nothing is said of the error itself. */
  private Study file(String path, double[] shares) {
    LabelledData data = DataFiles.read(Path.of(path));
    int classes = (int) Arrays.stream(data.requireLabels()).distinct().count();
    if (classes < 2 || data.rows() < 20 * classes) {
      throw new InvalidArgument(name() + ": " + data.name() + " has " + data.rows() + " samples of " + classes
          + " classes; at least 2 classes and 20 samples of each are needed");
    }
    return new AlignmentStudy((backend, random) -> Task.of(data, backend, random),
        new AlignmentGates("data", FIRST_DATA_CLAIM, OptionalDouble.empty(), 0.35, 0.20), shares);
  }

  private static List<String> summary(ExperimentSettings settings) {
    return List.of(
        "Balestriero and LeCun (2022) read self-supervised losses as spectral embeddings of a graph that says which"
            + " samples belong together: VICReg as Laplacian eigenmaps, SimCLR as scaling and ISOMAP, Barlow Twins as"
            + " canonical correlations. What training converges to is then known in closed form, for free points and"
            + " for linear encoders, and so is what a downstream task can still learn from it.",
        "Here descent from random starts is compared with the closed forms, these with what scikit-learn and SciPy make"
            + " of the same data, and the two statements on downstream tasks are put to the test: if the graph is"
            + " aligned with the task, every loss recovers the supervised model, with few labels VICReg best at a high"
            + " weight of invariance; if it is not, VICReg with a small weight is to be preferred to SimCLR and Barlow"
            + " Twins. " + settings.seeds() + " seeds; errors of probes are judged on means, everything else on the"
            + " worst seed.");
  }

  private static List<String> notes(List<Study> studies) {
    var notes = new ArrayList<String>();
    notes.add("The losses and their constants are reconstructed from the paper's abstract and public summaries; every"
        + " closed form was derived for the losses as they are written here.");
    notes.add("InfoNCE has other minima where samples are many widths of the kernel apart, or unit vectors lie on a"
        + " circle (there about one descent of seven ended in one); S5 is about points within a square of side 2 at"
        + " tau = 2, and about unit vectors in four dimensions.");
    notes.add("The hinge form of VICReg has a closed form only for a large weight of the covariance; Barlow Twins with"
        + " standardised columns has none, and may prefer copies of one mode. Neither is claimed.");
    if (studies.stream().anyMatch(AlignmentStudy.class::isInstance)) {
      notes.add("Errors are test errors of a ridge probe (penalty 0.01 a label). That every method does the same where"
          + " all labels are known holds up to the invariance at which classes themselves collapse: VICReg with a"
          + " weight of 2 is in the figures, and in no claim.");
      notes.add("With all labels the error of SimCLR does not grow with the share of a wrong relation but jumps where"
          + " nothing of the right one is left: its span holds that of the labels until then. What there is of a rise"
          + " just before (full grid) is the probe's penalty on columns that have become small.");
    }
    return notes;
  }

  private static Map<String, Object> record(ExperimentSettings settings, List<Study> studies) {
    var record = new LinkedHashMap<String, Object>();
    record.put("studies", studies.stream().map(Study::name).toList());
    record.put("seeds", settings.seeds());
    record.put("quick", settings.quick());
    record.put("data", settings.data().orElse("synthetic and digits"));
    record.put("shares of the other relation", Arrays.stream(shares(settings)).boxed().toList());
    record.put("VICReg gammas", Arrays.stream(Encoder.Method.values()).map(Encoder.Method::gamma)
        .filter(gamma -> gamma > 0).toList());
    record.put("weak relations e", Arrays.stream(InfoNceStudy.WEAKNESSES).boxed().toList());
    record.put("dtype", "f64");
    return record;
  }
}
