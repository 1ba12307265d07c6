package io.contraspectra.experiments.paper.grassmann;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.PowerLaw;
import io.contraspectra.experiments.paper.Study;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * G10: trained with both layers, a wide supervised network hardly moves, and the wider the less; a self-supervised one
 * with an orthonormal readout moves as far at every width (grassmann.md 6b).
 */
final class LazinessStudy implements Study {

  private static final int SAMPLES = 20;
  private static final int MOST_STEPS = 200_000;
  private static final double SUPERVISED_END = 0.1;
  private static final double SELF_SUPERVISED_END = 0.5;

  /** What is followed. */
  enum Change {
    FIRST_LAYER("first layer", Learner::firstLayerChange),
    READOUT("readout", Learner::readoutChange),
    KERNEL("kernel", learner -> learner.kernelChange(SAMPLES));

    private final String label;
    private final ToDoubleFunction<Learner> measure;

    Change(String label, ToDoubleFunction<Learner> measure) {
      this.label = label;
      this.measure = measure;
    }

    String label() {
      return label;
    }
  }

  /** How the network is trained. */
  enum Task {
    SUPERVISED("supervised"), SELF_SUPERVISED("self-supervised");

    private final String label;

    Task(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private final List<Integer> widths;

  LazinessStudy(List<Integer> widths) {
    this.widths = widths;
  }

  @Override
  public String name() {
    return "laziness";
  }

  List<Integer> widths() {
    return widths;
  }

  static String changeName(Task task, Change change, int width) {
    return task.label + " " + change.label + " change at M = " + width;
  }

  private static String slopeName(Task task, Change change) {
    return "slope of the " + task.label + " " + change.label + " change";
  }

  private String ratioName() {
    return "kernel change, self-supervised / supervised, at M = " + widths.getLast();
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Views views = Views.synthetic(backend, SAMPLES, random); Matrix inputs = unitRows(views)) {
      for (Task task : Task.values()) {
        var changes = new double[Change.values().length][widths.size()];
        for (int i = 0; i < widths.size(); i++) {
          boolean labelled = task == Task.SUPERVISED;
          Matrix shown = labelled ? inputs.rowRange(0, SAMPLES) : inputs;
          try (var learner = new Learner(backend, widths.get(i), shown, !labelled, random)) {
            if (labelled) {
              supervise(backend, learner, shown);
            } else {
              selfSupervise(backend, learner, inputs, widths.get(i));
            }
            for (Change change : Change.values()) {
              changes[change.ordinal()][i] = change.measure.applyAsDouble(learner);
              sheet.put(changeName(task, change, widths.get(i)), changes[change.ordinal()][i]);
            }
          }
        }
        for (Change change : Change.values()) {
          sheet.put(slopeName(task, change), PowerLaw.of(widths, changes[change.ordinal()]).slope());
        }
      }
    }
    int widest = widths.getLast();
    sheet.put(ratioName(), sheet.values().get(changeName(Task.SELF_SUPERVISED, Change.KERNEL, widest))
        / sheet.values().get(changeName(Task.SUPERVISED, Change.KERNEL, widest)));
    return sheet;
  }

  /** All views on the unit sphere: samples, positives, negatives. */
  private static Matrix unitRows(Views views) {
    Backend backend = views.backend();
    long n = views.x().rows();
    Matrix inputs = backend.zeros(DType.F64, 3 * n, Views.DIMENSION);
    backend.copy(views.x(), inputs.rowRange(0, n));
    backend.copy(views.positives(), inputs.rowRange(n, n));
    backend.copy(views.negatives(), inputs.rowRange(2 * n, n));
    double[] rows = inputs.toArray();
    for (int i = 0; i < rows.length; i += Views.DIMENSION) {
      double norm = 0;
      for (int j = 0; j < Views.DIMENSION; j++) {
        norm = Math.hypot(norm, rows[i + j]);
      }
      for (int j = 0; j < Views.DIMENSION; j++) {
        rows[i + j] /= norm;
      }
    }
    inputs.copyFrom(rows);
    return inputs;
  }

  /** Squared loss to the signs of the first two coordinates, until a tenth of the first loss is left. */
  private static void supervise(Backend backend, Learner learner, Matrix inputs) {
    try (Matrix targets = backend.zeros(DType.F64, inputs.rows(), 2)) {
      for (long i = 0; i < inputs.rows(); i++) {
        targets.set(i, 0, Math.signum(inputs.get(i, 0)));
        targets.set(i, 1, Math.signum(inputs.get(i, 1)));
      }
      double first = Double.NaN;
      for (int step = 0; step <= MOST_STEPS; step++) {
        Matrix rest = learner.cotangent();
        backend.copy(learner.forward(), rest);
        backend.add(-1, targets, 1, rest);
        double loss = backend.dot(rest, rest);
        first = step == 0 ? loss : first;
        if (loss <= SUPERVISED_END * first) {
          return;
        }
        backend.scale(1.0 / inputs.rows(), rest);
        learner.step();
      }
      throw new NotConverged("laziness: the supervised loss did not fall to a tenth within " + MOST_STEPS + " steps");
    }
  }

  /** The contrastive loss, until half of what frozen features could reach. */
  private static void selfSupervise(Backend backend, Learner learner, Matrix inputs, int width) {
    long n = inputs.rows() / 3;
    double target = SELF_SUPERVISED_END * frozenOptimum(learner);
    for (int step = 0; step <= MOST_STEPS; step++) {
      Matrix f = learner.forward();
      Matrix d = learner.cotangent();
      Matrix anchors = f.rowRange(0, n);
      Matrix towards = d.rowRange(0, n);
      backend.copy(f.rowRange(2 * n, n), towards);
      backend.add(-1, f.rowRange(n, n), 1, towards);
      if (backend.dot(anchors, towards) / n <= target) {
        return;
      }
      backend.scale(1.0 / n, towards);
      backend.add(-1.0 / n, anchors, 0, d.rowRange(n, n));
      backend.add(1.0 / n, anchors, 0, d.rowRange(2 * n, n));
      learner.step();
    }
    throw new NotConverged("laziness: the contrastive loss at width " + width + " did not reach half of the optimum of"
        + " frozen features within " + MOST_STEPS + " steps");
  }

  /** The least objective of any orthonormal readout of the features at the start. */
  private static double frozenOptimum(Learner learner) {
    learner.forward();
    try (Features features = learner.features(); TraceObjective reduced = features.reduced();
        var spectrum = new Spectrum(reduced)) {
      return spectrum.optimum(Learner.OUTPUTS);
    }
  }

  @Override
  public List<Gate> gates() {
    var bounds = new ArrayList<Bound>();
    for (Task task : Task.values()) {
      for (Change change : Change.values()) {
        String slope = slopeName(task, change);
        bounds.add(task == Task.SELF_SUPERVISED
            ? Bound.between(slope, -0.25, 0.25)
            : change == Change.KERNEL ? Bound.atMost(slope, -0.6) : Bound.between(slope, -0.65, -0.35));
      }
    }
    bounds.add(Bound.atLeast(ratioName(), 20));
    return List.of(new Gate("grassmann:G10", "A supervised network moves the less the wider it is. A self-supervised"
        + " one with an orthonormal readout moves as far at every width.", bounds,
        "supervised slopes in [-0.65, -0.35], of the kernel <= -0.6; self-supervised slopes in [-0.25, 0.25];"
            + " ratio >= 20"));
  }
}
