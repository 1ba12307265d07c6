package io.contraspectra.experiments.paper.grassmann;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
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

/** G11: what the learned subspace, the collapsed one and a random one are worth on handwritten digits. */
final class DigitsStudy implements Study {

  private static final int OUTPUTS = 8;
  private static final int NEIGHBOURS = 5;
  private static final double COLLAPSED_AT = 40;
  private static final int STEPS = 6000;
  private static final String RANDOM = "kNN accuracy of a random subspace";

  @Override
  public String name() {
    return "digits";
  }

  static String accuracyName(String what, Views.Loss loss) {
    return "kNN accuracy, " + what + " (" + loss.label() + ")";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (DigitViews digits = DigitViews.draw(backend, random);
        Matrix start = Stiefel.random(backend, DType.F64, DigitViews.DIMENSION, OUTPUTS, random)) {
      sheet.put(RANDOM, accuracy(digits, start));
      for (Views.Loss loss : Views.Loss.values()) {
        try (TraceObjective objective = digits.views().objective(loss); var spectrum = new Spectrum(objective)) {
          double eta = 0.5 / spectrum.value(1);
          try (GrassmannFlow flow = GrassmannFlow.start(objective, start, FlowMethod.QR, eta)) {
            flow.advanceTo(STEPS * eta);
            sheet.put(accuracyName("learned", loss), accuracy(digits, flow.frame()));
          }
          try (Matrix collapsed = spectrum.freeFlow(start, COLLAPSED_AT / spectrum.gap(1))) {
            sheet.put(accuracyName("collapsed", loss), accuracy(digits, collapsed));
          }
        }
      }
    }
    return sheet;
  }

  private static double accuracy(DigitViews digits, Matrix w) {
    Backend backend = digits.views().backend();
    try (Matrix train = backend.zeros(DType.F64, digits.train().rows(), w.cols());
        Matrix test = backend.zeros(DType.F64, digits.test().rows(), w.cols())) {
      backend.gemm(NO, NO, 1, digits.train(), w, 0, train);
      backend.gemm(NO, NO, 1, digits.test(), w, 0, test);
      return new NeighbourClassifier(backend, train, digits.trainLabels(), NEIGHBOURS)
          .accuracy(test, digits.testLabels());
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("grassmann:G11", "On handwritten digits the learned subspace serves a nearest-neighbour"
        + " classifier, the collapsed one does not.",
        Bound.atLeast(accuracyName("learned", Views.Loss.CONTRASTIVE), 0.92).ofMean(),
        Bound.atLeast(accuracyName("learned", Views.Loss.NON_CONTRASTIVE), 0.92).ofMean(),
        Bound.atMost(accuracyName("collapsed", Views.Loss.CONTRASTIVE), 0.35).ofMean(),
        Bound.atMost(accuracyName("collapsed", Views.Loss.NON_CONTRASTIVE), 0.35).ofMean(),
        Bound.between(RANDOM, 0.70, 0.88).ofMean()));
  }
}
