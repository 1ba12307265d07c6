package io.contraspectra.experiments.paper.grassmann;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.evaluate.NeighbourClassifier;
import io.contraspectra.core.manifold.FlowMethod;
import io.contraspectra.core.manifold.GrassmannFlow;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** G11: what the learned subspace, the collapsed one and a random one are worth on handwritten digits or other data. */
final class LabelledStudy implements Study {

  private static final int OUTPUTS = 8;
  private static final int NEIGHBOURS = 5;
  private static final double COLLAPSED_AT = 40;
  private static final int STEPS = 6000;
  // The page has no number for other data: five points of accuracy.
  private static final double LEAST_GAIN = 0.05;
  private static final String RANDOM = "kNN accuracy of a random subspace";

  private final @Nullable LabelledData data;

  private LabelledStudy(@Nullable LabelledData data) {
    this.data = data;
  }

  static LabelledStudy digits() {
    return new LabelledStudy(null);
  }

  /** On other data, of which nothing is known but that their rows have labels. */
  static LabelledStudy of(LabelledData data) {
    return new LabelledStudy(data);
  }

  @Override
  public String name() {
    return data == null ? "digits" : "data";
  }

  private LabelledViews draw(Backend backend, RandomGenerator random) {
    return data == null ? LabelledViews.digits(backend, random) : LabelledViews.of(backend, data, random);
  }

  static String accuracyName(String what, Views.Loss loss) {
    return "kNN accuracy, " + what + " (" + loss.label() + ")";
  }

  static String gainName(Views.Loss loss) {
    return "gain in kNN accuracy over the collapsed (" + loss.label() + ")";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (LabelledViews rows = draw(backend, random);
        Matrix start = Stiefel.random(
            backend, DType.F64, rows.dimension(), Math.min(OUTPUTS, rows.dimension() - 1), random)) {
      sheet.put(RANDOM, accuracy(rows, start));
      for (Views.Loss loss : Views.Loss.values()) {
        try (TraceObjective objective = rows.views().objective(loss); var spectrum = new Spectrum(objective)) {
          double eta = 0.5 / spectrum.value(1);
          double learned;
          double collapsed;
          try (GrassmannFlow flow = GrassmannFlow.start(objective, start, FlowMethod.QR, eta)) {
            flow.advanceTo(STEPS * eta);
            learned = accuracy(rows, flow.frame());
          }
          try (Matrix frame = spectrum.freeFlow(start, COLLAPSED_AT / spectrum.gap(1))) {
            collapsed = accuracy(rows, frame);
          }
          sheet.put(accuracyName("learned", loss), learned);
          sheet.put(accuracyName("collapsed", loss), collapsed);
          if (data != null) {
            sheet.put(gainName(loss), learned - collapsed);
          }
        }
      }
    }
    return sheet;
  }

  private static double accuracy(LabelledViews data, Matrix w) {
    Backend backend = data.views().backend();
    try (Matrix train = backend.zeros(DType.F64, data.train().rows(), w.cols());
        Matrix test = backend.zeros(DType.F64, data.test().rows(), w.cols())) {
      backend.gemm(NO, NO, 1, data.train(), w, 0, train);
      backend.gemm(NO, NO, 1, data.test(), w, 0, test);
      return new NeighbourClassifier(backend, train, data.trainLabels(), NEIGHBOURS)
          .accuracy(test, data.testLabels());
    }
  }

  @Override
  public List<Gate> gates() {
    if (data != null) {
      return List.of(Gate.of("grassmann:G11-data", "The learned subspace serves a nearest-neighbour classifier better"
          + " than the collapsed one (accuracies that other data allow are not known).",
          Bound.atLeast(gainName(Views.Loss.CONTRASTIVE), LEAST_GAIN).ofMean(),
          Bound.atLeast(gainName(Views.Loss.NON_CONTRASTIVE), LEAST_GAIN).ofMean()));
    }
    return List.of(Gate.of("grassmann:G11", "On handwritten digits the learned subspace serves a nearest-neighbour"
        + " classifier, the collapsed one does not.",
        Bound.atLeast(accuracyName("learned", Views.Loss.CONTRASTIVE), 0.92).ofMean(),
        Bound.atLeast(accuracyName("learned", Views.Loss.NON_CONTRASTIVE), 0.92).ofMean(),
        Bound.atMost(accuracyName("collapsed", Views.Loss.CONTRASTIVE), 0.35).ofMean(),
        Bound.atMost(accuracyName("collapsed", Views.Loss.NON_CONTRASTIVE), 0.35).ofMean(),
        Bound.between(RANDOM, 0.70, 0.88).ofMean()));
  }
}
