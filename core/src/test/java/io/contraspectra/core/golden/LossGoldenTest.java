package io.contraspectra.core.golden;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.List;

/** Values and gradients of the twelve triplet losses against autograd; tolerance of the manifest. */
class LossGoldenTest {

  private static final double TOLERANCE = 1e-12;

  @EveryBackend
  void tripletLosses(Backend backend) {
    for (String name : List.of("tau1", "tau05", "zero-row")) {
      try (Golden golden = Golden.open("ntk/shared-loss-" + name);
          Matrix embeddings = golden.stacked(backend, "F", "P", "Q");
          Matrix gradient = backend.zeros(DType.F64, embeddings.rows(), embeddings.cols())) {
        long n = embeddings.rows() / 3;
        for (TripletLoss loss : TripletLoss.catalogue(golden.number("tau"))) {
          try (var evaluation = loss.evaluation(backend, DType.F64, n, embeddings.cols())) {
            double value = evaluation.evaluate(embeddings, gradient);
            String prefix = loss.name().replace('-', '_');
            golden.assertClose(prefix + "_val", new double[] {value}, TOLERANCE);
            golden.assertClose(prefix + "_dF", gradient.rowRange(0, n), TOLERANCE);
            golden.assertClose(prefix + "_dP", gradient.rowRange(n, n), TOLERANCE);
            golden.assertClose(prefix + "_dQ", gradient.rowRange(2 * n, n), TOLERANCE);
          }
        }
      }
    }
  }
}
