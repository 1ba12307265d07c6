package io.contraspectra.experiments.paper.grassmann;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The experiment on learning dynamics under orthogonality: {@code reproduce grassmann-dynamics}. */
public final class GrassmannDynamics implements Experiment {

  private static final List<Integer> HALF_TIME_WIDTHS = List.of(64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384);
  private static final List<Integer> QUICK_HALF_TIME_WIDTHS = List.of(64, 256, 1024, 4096);
  private static final List<Integer> LAZINESS_WIDTHS = List.of(64, 256, 1024, 4096);

  @Override
  public String name() {
    return "grassmann-dynamics";
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
    return new Report(name(), "How linear self-supervised learning moves on the Grassmannian", summary(settings),
        Studies.claims(studies, measured), new GrassmannFigures(measured, studies).all(), notes(studies, settings),
        record(settings, studies), settings.seed(), Environment.current(provenance.version(), backend.describe()),
        Duration.ofNanos(System.nanoTime() - begin), provenance.rerun());
  }

  /** The longest first. */
  private List<Study> studies(ExperimentSettings settings) {
    var studies = new ArrayList<Study>();
    String data = settings.data().orElse("");
    if (data.isEmpty() || data.equals("synthetic")) {
      if (!settings.quick()) {
        studies.add(new LazinessStudy(LAZINESS_WIDTHS));
      }
      studies.add(new HalfTimeStudy(settings.quick() ? QUICK_HALF_TIME_WIDTHS : HALF_TIME_WIDTHS));
      studies.addAll(List.of(new OrderStudy(), new CollapseStudy(), new TwoLayerStudy(), new DualStudy(),
          new FlowStudy(), new IdentityStudy()));
    }
    if (data.isEmpty() || data.equals("digits")) {
      studies.addFirst(LabelledStudy.digits());
    } else if (!data.equals("synthetic")) {
      studies.add(LabelledStudy.of(DataFiles.read(Path.of(data))));
    }
    return studies;
  }

  private static List<String> summary(ExperimentSettings settings) {
    return List.of(
        "Linear self-supervised losses of several outputs are -tr(WᵀCW). Left alone, every output learns the same"
            + " feature: the dimensions collapse. Esser, Mukherjee and Ghoshdastidar (2023) keep the columns of W"
            + " orthonormal; learning is then a gradient flow of subspaces, on the Grassmannian, with a closed form.",
        "Here that form is compared with a solved differential equation, with five ways to take steps, with two-layer"
            + " networks and with the kernel model, on synthetic views and on handwritten digits, each with "
            + settings.seeds() + " seeds. Claims are judged on the worst seed where they do not speak of a mean.");
  }

  private static List<String> notes(List<Study> studies, ExperimentSettings settings) {
    var notes = new ArrayList<String>();
    notes.add("The closed form gives the subspace of the flow; the frame itself differs by a rotation. Everything here"
        + " compares subspaces.");
    notes.add("A step along a geodesic is still a step of first order: it follows the direction of its beginning.");
    if (studies.stream().anyMatch(LazinessStudy.class::isInstance)) {
      notes.add("G10 judges the change of both layers and of the trace-averaged tangent kernel; the constrained kernel"
          + " and the error of the linearised model, which the page lists too, are not measured.");
    } else if (settings.quick()) {
      notes.add("The quick grid leaves out G10, the training of both layers, and half of the widths of G9.");
    }
    return notes;
  }

  private static Map<String, Object> record(ExperimentSettings settings, List<Study> studies) {
    var record = new LinkedHashMap<String, Object>();
    record.put("studies", studies.stream().map(Study::name).toList());
    record.put("seeds", settings.seeds());
    record.put("quick", settings.quick());
    record.put("half-time widths", settings.quick() ? QUICK_HALF_TIME_WIDTHS : HALF_TIME_WIDTHS);
    record.put("laziness widths", settings.quick() ? List.of() : LAZINESS_WIDTHS);
    record.put("dtype", "f64");
    return record;
  }
}
